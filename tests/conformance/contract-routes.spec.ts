import assert from "node:assert/strict";
import { catalog } from "../../apps/catalog";
import type { PlannedResource } from "../../graph/model";
import { referenceRoutes } from "../../infra/gateway/reference";
import { ofProtocol, planned as plan } from "./plans";

/** What a contract promises of a route, as API Gateway spells it, and what the documents have. */
function promised(): Map<string, { scopes: string[]; rate: number; burst: number }> {
  const declared = Object.values(catalog).flatMap(({ routes, legacyRoutes, workRoutes }) => [
    ...routes,
    ...legacyRoutes,
    ...workRoutes,
  ]);
  const routes = [...declared, ...referenceRoutes(Object.keys(catalog))];
  return new Map(
    routes.map(({ method, path, scopes, throttle }) => [`${method} ${path}`, { scopes: [...scopes], ...throttle }]),
  );
}

describe("the routes of each region's gateway", () => {
  it("are those of the contracts and the documents, with their scopes and limits, and no others", async () => {
    const prod = await plan("prod");
    const inRegion = (type: string, region: string): PlannedResource[] =>
      ofProtocol(prod, type, "HTTP").filter((resource) => resource.region === region);
    for (const region of ["eu-west-1", "eu-central-1"]) {
      const limits = inRegion("stage:Stage", region)[0]!.inputs["routeSettings"];
      const planned = inRegion("route:Route", region).map(({ inputs }) => {
        const limit = limits.find((each: any) => each.routeKey === inputs["routeKey"]);
        const scopes = inputs["authorizationScopes"] ?? [];
        assert.equal(inputs["authorizationType"], scopes.length === 0 ? "NONE" : "JWT");
        const { throttlingRateLimit: rate, throttlingBurstLimit: burst } = limit;
        return [inputs["routeKey"], { scopes, rate, burst }] as const;
      });
      assert.equal(limits.length, planned.length);
      assert.deepEqual(new Map([...planned].sort()), new Map([...promised()].sort()));
    }
  });
});
