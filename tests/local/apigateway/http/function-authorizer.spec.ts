import assert from "node:assert/strict";
import { FunctionFailure } from "../../../../local/local-compute";
import { functionUri, type PlannedApi } from "./helpers/planned";
import { recorder, running, stopAll, viaBalancer } from "./helpers/running";

const custom = { authorizationType: "CUSTOM" };
const authorizer = {
  authorizerType: "REQUEST",
  authorizerUri: functionUri,
  authorizerPayloadFormatVersion: "2.0",
  enableSimpleResponses: true,
  identitySources: ["$request.header.Authorization", "$context.routeKey"],
  authorizerResultTtlInSeconds: 60,
  jwtConfiguration: undefined as never,
};
const subject = { requestParameters: { "overwrite:header.x-subject": "$context.authorizer.subject" } };
const plan: PlannedApi = {
  permitted: true,
  authorizer,
  routes: [
    { key: "GET /a/{id}", jwt: true, route: custom, integration: subject },
    { key: "GET /b", jwt: true, route: custom },
    { key: "GET /f", to: "function", jwt: true, route: custom },
    { key: "GET /open", integration: subject },
  ],
};
const token = { authorization: "Bearer x" };

describe("gateway: Lambda authorizer", () => {
  afterEach(stopAll);

  async function started(result: (event: any) => unknown, change: Partial<PlannedApi> = {}) {
    const backend = await recorder();
    const gateway = await running({ ...plan, ...change }, viaBalancer(backend.origin));
    gateway.compute.result = result;
    return { gateway, ...backend };
  }
  const admits = () => ({ isAuthorized: true, context: { subject: "corporate|alice" } });

  it("gives the function AWS's event, and its context to mappings in place of a client's header", async () => {
    const { gateway, received } = await started(admits);
    assert.equal((await gateway.get("/a/1?x=1", { ...token, "x-subject": "root" })).status, 200);
    const [event] = gateway.compute.events;
    assert.deepEqual(
      [event.version, event.type, event.routeKey, event.identitySource, event.rawPath, event.pathParameters],
      ["2.0", "REQUEST", "GET /a/{id}", ["Bearer x", "GET /a/{id}"], "/a/1", { id: "1" }],
    );
    assert.match(event.routeArn, /^arn:aws:execute-api:eu-west-1:\d{12}:[a-z0-9]+\/\$default\/GET\/a\/1$/);
    assert.deepEqual([event.headers.authorization, "body" in event], ["Bearer x", false]);
    assert.equal(received[0]!.headers["x-subject"], "corporate|alice");
    await gateway.get("/open", { "x-subject": "root" });
    assert.equal(received[1]!.headers["x-subject"], undefined);
  });

  it("passes its context on to a function", async () => {
    const { gateway } = await started((event) => (event.type === "REQUEST" ? admits() : { statusCode: 204 }));
    assert.equal((await gateway.get("/f", token)).status, 204);
    assert.deepEqual(gateway.compute.events[1].requestContext.authorizer, { lambda: { subject: "corporate|alice" } });
  });

  it("answers 401 without asking when the header is missing or empty", async () => {
    const { gateway } = await started(admits);
    for (const headers of [{}, { authorization: "" }] as Record<string, string>[]) {
      const { status, text } = await gateway.get("/a/1", headers);
      assert.deepEqual([status, text], [401, '{"message":"Unauthorized"}']);
    }
    assert.equal(gateway.compute.events.length, 0);
  });

  it("answers 403 when the function refuses, 401 when it says so, and 500 when it fails or makes no sense", async () => {
    const failing = (message: string) => () => {
      throw new FunctionFailure("error", message, { errorType: "Error", errorMessage: message });
    };
    for (const [result, status, message] of [
      [() => ({ isAuthorized: false }), 403, "Forbidden"],
      [failing("Unauthorized"), 401, "Unauthorized"],
      [failing("x"), 500, "Internal Server Error"],
      [() => ({}), 500, "Internal Server Error"],
      [() => null, 500, "Internal Server Error"],
      [() => ({ isAuthorized: "true" }), 500, "Internal Server Error"],
      [() => ({ isAuthorized: true, context: [] }), 500, "Internal Server Error"],
    ] as const) {
      const { gateway } = await started(result);
      const answer = await gateway.get("/a/1", token);
      assert.deepEqual([answer.status, answer.text], [status, JSON.stringify({ message })]);
      await stopAll();
    }
  });

  it("keeps decisions by token and route, as its identity sources say, and no failure", async () => {
    const { gateway } = await started(admits);
    for (const path of ["/a/1", "/a/2", "/b", "/b"]) await gateway.get(path, token);
    assert.equal(gateway.compute.events.length, 2);
    await gateway.get("/b", { authorization: "Bearer y" });
    assert.equal(gateway.compute.events.length, 3);
    gateway.compute.result = () => ({});
    await gateway.get("/b", { authorization: "Bearer z" });
    gateway.compute.result = admits;
    assert.equal((await gateway.get("/b", { authorization: "Bearer z" })).status, 200);
  });

  it("keeps one decision for all routes where the route is no identity source", async () => {
    const { gateway } = await started(admits, {
      authorizer: { ...authorizer, identitySources: ["$request.header.Authorization"] },
    });
    for (const path of ["/a/1", "/b"]) await gateway.get(path, token);
    assert.equal(gateway.compute.events.length, 1);
  });

  it("answers 500 when the function's policy does not let the authorizer invoke it", async () => {
    const { gateway } = await started(admits, { permitted: false });
    assert.equal((await gateway.get("/b", token)).status, 500);
    assert.equal(gateway.compute.events.length, 0);
  });
});
