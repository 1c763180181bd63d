import assert from "node:assert/strict";
import { raw, recorder, running, serve, stopAll, viaBalancer, viaDiscovery } from "./helpers/running";

describe("gateway: proxy to private servers", () => {
  afterEach(stopAll);

  it("passes method, raw path, query and body on, once", async () => {
    const { origin, received } = await recorder();
    const gateway = await running({ routes: [{ key: "PUT /foods/{id}" }] }, viaBalancer(origin));
    const answer = await gateway.send("PUT", "/foods/a%2Fb?x=%20&y", {
      body: "hi",
      headers: { "content-type": "text/x" },
    });
    assert.deepEqual([answer.status, answer.text], [200, '{"ok":true}']);
    assert.deepEqual(
      received.map(({ method, url, body }) => [method, url, body.toString()]),
      [["PUT", "/foods/a%2Fb?x=%20&y", "hi"]],
    );
    assert.equal(gateway.backends.done, 1);
  });
});
