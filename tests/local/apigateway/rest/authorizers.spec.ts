import assert from "node:assert/strict";
import { FunctionFailure } from "../../../../local/local-compute";
import { runningRest, stopGateways } from "./helpers/running";

const policy = (Effect: string, Resource: unknown, more = {}) => ({
  Statement: [{ Effect, Action: "execute-api:Invoke", Resource, ...more }],
});
const resources = {
  "/a": { GET: { type: "MOCK", auth: "authorizer" } },
  "/b": { GET: { type: "MOCK", auth: "authorizer" } },
} as const;
const authorizer = { type: "REQUEST", identitySource: "method.request.header.Authorization", ttl: 60 } as const;

describe("REST gateway: Lambda authorizers", () => {
  afterEach(stopGateways);

  it("are asked once per identity for their seconds, and a failure is not kept", async () => {
    const time = { now: 0 };
    const clock = { wall: () => time.now, monotonic: () => time.now };
    const { get, compute } = await runningRest({ resources, authorizer }, { clock });
    compute.authorize = () => {
      throw new FunctionFailure("error", "f: Error: no", { errorType: "Error", errorMessage: "no" });
    };
    const headers = { authorization: "one" };
    const failed = await get("/a", headers);
    assert.deepEqual([failed.status, failed.text], [500, '{"message":null}']);
    compute.authorize = () => ({ principalId: "u", policyDocument: policy("Allow", "*") });
    assert.deepEqual([(await get("/a", headers)).status, (await get("/b", headers)).status], [200, 200]);
    assert.equal(compute.authorizerEvents.length, 2);
    compute.authorize = () => ({ principalId: "u", policyDocument: policy("Deny", "*") });
    time.now = 59_999;
    assert.equal((await get("/a", headers)).status, 200);
    time.now = 60_000;
    assert.equal((await get("/a", headers)).status, 403);
  });

  it("answer 401 when they say so, and when there is no identity, without being asked", async () => {
    const { get, compute } = await runningRest({ resources, authorizer });
    compute.authorize = () => {
      throw new FunctionFailure("error", "f", { errorType: "Error", errorMessage: "Unauthorized" });
    };
    assert.equal((await get("/a", { authorization: "x" })).status, 401);
    assert.equal((await get("/a")).status, 401);
    assert.equal(compute.authorizerEvents.length, 1);
  });

  const malformed: readonly [string, unknown][] = [
    ["no principal", { policyDocument: policy("Allow", "*") }],
    ["no policy", { principalId: "u" }],
    ["a policy without statements", { principalId: "u", policyDocument: {} }],
    ["a list in the context", { principalId: "u", policyDocument: policy("Allow", "*"), context: { a: [1] } }],
    ["8 KB", { principalId: "u", policyDocument: policy("Allow", "*"), context: { a: "x".repeat(8_200) } }],
    [
      "an unknown condition",
      { principalId: "u", policyDocument: policy("Allow", "*", { Condition: { Odd: { a: 1 } } }) },
    ],
  ];
  for (const [what, result] of malformed) {
    it(`that answer with ${what} are a configuration error`, async () => {
      const { get, compute } = await runningRest({ resources, authorizer });
      compute.authorize = () => result;
      const { status, text, headers } = await get("/a", { authorization: "x" });
      assert.deepEqual([status, text], [500, '{"message":null}']);
      assert.equal(headers.get("x-amzn-errortype"), "AuthorizerConfigurationException");
    });
  }

  it("decide by the method's ARN, and by conditions", async () => {
    const { get, compute } = await runningRest({ resources, authorizer: { ...authorizer, ttl: 0 } });
    const statusBy = async (document: unknown, path = "/a") => {
      compute.authorize = () => ({ principalId: "u", policyDocument: document });
      return (await get(path, { authorization: "x" })).status;
    };
    const arn = "arn:aws:execute-api:eu-west-1:123456789012:*/test/GET/a";
    assert.equal(await statusBy(policy("Allow", arn)), 200);
    assert.equal(await statusBy(policy("Allow", arn), "/b"), 403);
    assert.equal(
      await statusBy(policy("Allow", "*", { Condition: { IpAddress: { "aws:SourceIp": "127.0.0.0/8" } } })),
      200,
    );
    assert.equal(
      await statusBy(policy("Allow", "*", { Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } })),
      403,
    );
    assert.equal(
      await statusBy(policy("Allow", "*", { Condition: { NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } } })),
      200,
    );
    assert.equal(
      await statusBy({ Statement: [...policy("Allow", "*").Statement, ...policy("Deny", arn).Statement] }),
      403,
    );
  });
});
