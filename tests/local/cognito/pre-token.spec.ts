import assert from "node:assert/strict";
import { CognitoError } from "../../../local/cognito/cognito-error";
import { OAuthError } from "../../../local/cognito/oauth";
import { settingsOf } from "../../../local/cognito/pool-settings";
import { changedClaims, changedScopes, type TokenRequest, tokenChanges } from "../../../local/cognito/pre-token";

const attributes = { email: "ada@example.com", email_verified: "true" };
const staff = { name: "staff", precedence: 1, roleArn: undefined, members: [] };
const user = { sub: "sub-1", username: "ada", attributes, groups: [staff] };
const request: TokenRequest = {
  source: "TokenGeneration_HostedAuth",
  poolId: "eu-west-1_pool",
  clientId: "web",
  scopes: ["openid", "food-store/write"],
  user,
};
const { user: _, ...machine } = request;
const pool = (lambdaVersion = "V3_0") => ({
  settings: settingsOf({ lambdaConfig: { preTokenGenerationConfig: { lambdaArn: "arn", lambdaVersion } } }),
});
const answered = (answer: unknown, of: TokenRequest = request, version?: string) =>
  tokenChanges(async () => answer, pool(version), of);
const ofAccess = (accessTokenGeneration: object) => ({
  response: { claimsAndScopeOverrideDetails: { accessTokenGeneration } },
});

describe("the pre-token trigger of a local user pool", () => {
  async function eventsOf(version: string, of: TokenRequest): Promise<any[]> {
    const events: any[] = [];
    const ask = async (_arn: string, event: object) => {
      events.push(event);
      return event;
    };
    await tokenChanges(ask, pool(version), of);
    return events;
  }

  it("gets the event of version 3, of a user and of a machine client", async () => {
    const [ofUser] = await eventsOf("V3_0", request);
    const [ofMachine] = await eventsOf("V3_0", { ...machine, source: "TokenGeneration_ClientCredentials" });
    assert.deepEqual([ofUser.version, ofUser.region, ofUser.userName], ["3", "eu-west-1", "ada"]);
    assert.deepEqual(ofUser.request.userAttributes, { sub: "sub-1", ...attributes });
    assert.deepEqual(ofUser.request.groupConfiguration.groupsToOverride, ["staff"]);
    assert.deepEqual(ofUser.request.scopes, ["openid", "food-store/write"]);
    assert.equal(ofMachine.triggerSource, "TokenGeneration_ClientCredentials");
    assert.equal(ofMachine.callerContext.clientId, "web");
    assert.equal(ofMachine.request.userAttributes, undefined);
  });

  it("gets no scopes in version 1, and is not asked for machine clients before version 3", async () => {
    const [first] = await eventsOf("V1_0", request);
    assert.deepEqual([first.version, first.request.scopes], ["1", undefined]);
    assert.deepEqual(first.response, { claimsOverrideDetails: null });
    assert.deepEqual(await eventsOf("V2_0", machine), []);
    assert.deepEqual(await eventsOf("V1_0", machine), []);
  });

  it("adds claims, replaces and takes them away, and leaves tokens as they are when it answers with its event", async () => {
    const { access } = await answered(
      ofAccess({ claimsToAddOrOverride: { tenant_id: "acme" }, claimsToSuppress: ["cognito:groups"] }),
    );
    assert.deepEqual(changedClaims({ sub: "s", "cognito:groups": ["staff"] }, access), { sub: "s", tenant_id: "acme" });
    for (const response of [{ claimsAndScopeOverrideDetails: null }, {}]) {
      const changes = await answered({ response });
      assert.deepEqual(changedClaims({ sub: "s" }, changes.access), { sub: "s" });
      assert.deepEqual(changedScopes(["openid"], changes), ["openid"]);
    }
  });

  it("takes scopes away, and adds others", async () => {
    const changes = await answered(ofAccess({ scopesToAdd: ["a/read"], scopesToSuppress: ["food-store/write"] }));
    assert.deepEqual(changedScopes(request.scopes, changes), ["openid", "a/read"]);
  });

  it("changes ID tokens and groups, in version 1 these alone", async () => {
    const groupOverrideDetails = { groupsToOverride: ["admins"], iamRolesToOverride: [], preferredRole: null };
    const idTokenGeneration = { claimsToAddOrOverride: { nickname: "a" } };
    const third = await answered({
      response: { claimsAndScopeOverrideDetails: { idTokenGeneration, groupOverrideDetails } },
    });
    const claimsOverrideDetails = { ...idTokenGeneration, groupOverrideDetails };
    const first = await answered({ response: { claimsOverrideDetails } }, request, "V1_0");
    for (const { id, groups, access } of [third, first]) {
      assert.deepEqual(changedClaims({}, id), { nickname: "a" });
      assert.deepEqual(groups, { "cognito:groups": ["admins"] });
      assert.deepEqual(changedClaims({}, access), {});
    }
  });

  it("cannot change who a token is of, or how long it lasts", async () => {
    const fixed = { sub: "other", iss: "https://other.example.com", exp: 9_999_999_999, client_id: "other", jti: "1" };
    const claims = { sub: "s", exp: 1, client_id: "web" };
    const { access } = await answered(
      ofAccess({ claimsToAddOrOverride: { ...fixed, tenant_id: "acme" }, claimsToSuppress: ["sub", "exp"] }),
    );
    assert.deepEqual(changedClaims(claims, access), { ...claims, tenant_id: "acme" });
  });

  it("keeps a token from being issued when it fails", async () => {
    await assert.rejects(
      tokenChanges(() => Promise.reject(new Error("no table")), pool(), request),
      (error: Error) => error instanceof OAuthError && error.message === "invalid_request",
    );
    const thrown = new CognitoError("UserLambdaValidationException", "PreTokenGeneration failed with error no.");
    await assert.rejects(
      tokenChanges(() => Promise.reject(thrown), pool(), request),
      thrown,
    );
  });
});
