import assert from "node:assert/strict";
import { OAuthError } from "../../../local/cognito/oauth";
import { type TokenRequest, tokenChanges } from "../../../local/cognito/pre-token";

const user = { sub: "sub-1", username: "ada", email: "ada@example.com", tenant: undefined, groups: [] };
const request: TokenRequest = {
  source: "TokenGeneration_HostedAuth",
  poolId: "eu-west-1_pool",
  clientId: "web",
  scopes: ["openid"],
  user,
};
const adding = (claims: object, more = {}) => ({
  response: { claimsAndScopeOverrideDetails: { accessTokenGeneration: { claimsToAddOrOverride: claims, ...more } } },
});

/** Asks a trigger that answers so. */
function changes(answer: unknown, of: TokenRequest = request) {
  return tokenChanges(() => Promise.resolve(answer), "arn:aws:lambda:eu-west-1:123456789012:function:t:live", of);
}

async function claims(answer: unknown): Promise<Readonly<Record<string, unknown>>> {
  return (await changes(answer)).claims;
}

describe("the pre-token trigger of a local user pool", () => {
  it("gets the event of version 3, of a user and of a machine client", async () => {
    const events: any[] = [];
    const invoke = async (_arn: string, event: unknown) => {
      events.push(event);
      return event;
    };
    const { user: _, ...machine } = request;
    await tokenChanges(invoke, "arn", request);
    await tokenChanges(invoke, "arn", { ...machine, source: "TokenGeneration_ClientCredentials" });
    const [ofUser, ofMachine] = events;
    assert.deepEqual([ofUser.version, ofUser.region, ofUser.userName], ["3", "eu-west-1", "ada"]);
    assert.deepEqual(ofUser.request.userAttributes, { sub: "sub-1", email: "ada@example.com" });
    assert.equal(ofMachine.triggerSource, "TokenGeneration_ClientCredentials");
    assert.equal(ofMachine.callerContext.clientId, "web");
    assert.equal(ofMachine.request.userAttributes, undefined);
  });

  it("adds claims, and leaves the token as it is when it answers with its event", async () => {
    assert.deepEqual(await claims(adding({ tenant_id: "acme", tier: "free" })), { tenant_id: "acme", tier: "free" });
    assert.deepEqual(await claims({ response: { claimsAndScopeOverrideDetails: null } }), {});
    assert.deepEqual(await claims({ response: {} }), {});
  });

  it("takes scopes away and adds some, and takes away what it does both with", async () => {
    const of = { ...request, scopes: ["openid", "food-store/write", "shipping/write"] };
    assert.deepEqual((await changes({ response: {} }, of)).scopes, of.scopes);
    const less = {
      response: { claimsAndScopeOverrideDetails: { accessTokenGeneration: { scopesToSuppress: ["shipping/write"] } } },
    };
    assert.deepEqual((await changes(less, of)).scopes, ["openid", "food-store/write"]);
    const more = adding({}, { scopesToAdd: ["pet-store/write", "openid", "a/b"], scopesToSuppress: ["a/b"] });
    assert.deepEqual((await changes(more, of)).scopes, [...of.scopes, "pet-store/write"]);
  });

  it("cannot change who a token is of, or how long it lasts", async () => {
    const fixed = { sub: "other", iss: "https://other.example.com", exp: 9_999_999_999, client_id: "other", jti: "1" };
    assert.deepEqual(await claims(adding({ ...fixed, tenant_id: "acme" })), { tenant_id: "acme" });
  });

  it("keeps a token from being issued when it fails", async () => {
    await assert.rejects(
      tokenChanges(() => Promise.reject(new Error("no table")), "arn", request),
      (error: Error) => error instanceof OAuthError && error.message === "invalid_request",
    );
  });

  it("is refused where it changes what is not changed here", async () => {
    await assert.rejects(claims(adding({}, { claimsToSuppress: ["username"] })), /got claimsToSuppress$/);
    await assert.rejects(
      claims({ response: { claimsAndScopeOverrideDetails: { idTokenGeneration: {} } } }),
      /got idTokenGeneration$/,
    );
  });
});
