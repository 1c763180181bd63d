import assert from "node:assert/strict";
import { request } from "node:http";
import type { PlannedRest } from "./helpers/planned";
import { plannedRegion } from "./helpers/planned";
import { runningRest, stopGateways } from "./helpers/running";

const mock = { type: "MOCK" } as const;
const one = (method: object): PlannedRest => ({ resources: { "/a": { GET: method } } });

/** What is planned, and the sentence that refuses it. */
const refused: readonly [string, PlannedRest, RegExp][] = [
  ["an unknown field of an integration", one({ ...mock, integration: { tlsConfig: {} } }), /tlsConfig must be unset/],
  [
    "a buffered time over AWS's limit",
    one({ integration: { timeoutInMillis: 29_001 } }),
    /timeoutInMillis must be 50-29000/,
  ],
  [
    "a streaming integration with the ARN of a buffered one",
    one({ integration: { responseTransferMode: "STREAM" } }),
    /ends in \/response-streaming-invocations/,
  ],
  [
    "streaming where AWS has none",
    one({ type: "HTTP", integration: { responseTransferMode: "STREAM" } }),
    /responseTransferMode must be "BUFFERED"/,
  ],
  [
    "a VPC link that is not planned",
    one({ type: "HTTP_PROXY", uri: "http://x:1/", integration: { connectionType: "VPC_LINK", connectionId: "none" } }),
    /the id of a planned VPC link/,
  ],
  [
    "a model that is no schema",
    {
      ...one({ ...mock, requestModels: { "application/json": "M" }, validator: { validateRequestBody: true } }),
      models: { M: { type: "odd" } },
    },
    /model "M" must be a JSON schema/,
  ],
  [
    "an identity source of the body",
    {
      ...one({ ...mock, auth: "authorizer" }),
      authorizer: { type: "REQUEST", identitySource: "method.request.body.a" },
    },
    /identitySource must be method\.request\.header/,
  ],
  [
    "decisions that are kept without an identity",
    { ...one({ ...mock, auth: "authorizer" }), authorizer: { type: "REQUEST", ttl: 60 } },
    /identitySource must be set/,
  ],
  [
    "an unknown type of gateway response",
    { ...one(mock), gatewayResponses: { TEAPOT: {} } },
    /a type of gateway responses/,
  ],
  [
    "a path whose parameter is a part of a segment",
    { resources: { "/a{b}": { GET: mock } } },
    /segments that are text or \{parameters\}/,
  ],
  [
    "a policy that AWS would refuse",
    {
      ...one(mock),
      policy: JSON.stringify({ Statement: { Effect: "Allow", Action: "*", Principal: "*", Condition: 1 } }),
    },
    /policy must be a policy as AWS takes it \(Condition must be an object\)/,
  ],
  [
    "two names for one variable part",
    { resources: { "/{a}/x": { GET: mock }, "/{b}/y": { GET: mock } } },
    /siblings must have one name/,
  ],
  [
    "a log variable that is none",
    { ...one(mock), stageArgs: { accessLogSettings: { destinationArn: "arn:log", format: "$context.odd" } } },
    /got \$context\.odd/,
  ],
];

describe("REST gateway: the planned document", () => {
  afterEach(stopGateways);

  for (const [what, plan, sentence] of refused) {
    it(`is refused with ${what}`, () => assert.rejects(runningRest(plan), { name: "UserError", message: sentence }));
  }

  it("gives a method its own settings, else those of all methods", async () => {
    const limit = (rate: number) => ({ throttlingRateLimit: rate, throttlingBurstLimit: rate });
    const { get } = await runningRest(
      {
        resources: { "/a/{id}": { GET: mock }, "/b": { GET: mock } },
        settings: { "*/*": limit(2), "a/{id}/GET": limit(1) },
      },
      { clock: { wall: () => 0, monotonic: () => 0 } },
    );
    const statuses = [];
    for (const path of ["/a/1", "/a/2", "/b", "/b", "/b"]) statuses.push((await get(path)).status);
    assert.deepEqual(statuses, [200, 429, 200, 200, 429]);
  });

  it("is reached by its endpoint's name and a loopback address, and by no other name", async () => {
    const { port, send } = await runningRest(one(mock));
    const { model } = await plannedRegion({ apis: { api: one(mock) } });
    const [api] = model.apis.values();
    const statusFor = (host: string) =>
      new Promise((resolve) => {
        request({ port, path: "/test/a", headers: { host } }, (answer) => resolve(answer.resume().statusCode)).end();
      });
    assert.equal(await statusFor(api!.endpointHost), 200);
    assert.equal(await statusFor(`${api!.endpointHost.toUpperCase()}:443`), 200);
    assert.equal(await statusFor("evil.example"), 403);
    assert.equal((await send("/a", {})).status, 200);
  });
});
