import assert from "node:assert/strict";
import { environments, planned } from "./plans";

for (const environment of environments) {
  it(`every throttle in ${environment} has a rate and a burst, as the provider sends 0 for what is left out`, async () => {
    const stages = (await planned(environment)).ofType("aws:apigatewayv2/stage:Stage");
    assert.ok(stages.length > 0);
    for (const { name, inputs } of stages) {
      const limits = [inputs["defaultRouteSettings"], ...(inputs["routeSettings"] ?? [])];
      // The events of a WebSocket have one limit.
      assert.ok(inputs["name"] === "$default" ? limits.length > 10 : limits.length === 1, name);
      for (const { routeKey, throttlingRateLimit: rate, throttlingBurstLimit: burst } of limits)
        assert.ok(rate > 0 && burst > 0, `${name} ${routeKey}: ${rate}, ${burst}`);
    }
  });
}
