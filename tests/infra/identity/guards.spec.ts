import assert from "node:assert/strict";
import { planned } from "../../conformance/plans";

describe("what guards the user pool and its clients", () => {
  it("is set for people: codes alone, no secret, revocation, and nothing that tells who has an account", async () => {
    const plan = await planned("prod");
    const web = plan.ofType("aws:cognito/userPoolClient:UserPoolClient").find(({ name }) => /-web$/.test(name))!.inputs;
    assert.deepEqual(web["allowedOauthFlows"], ["code"]);
    assert.equal(web["generateSecret"], false);
    assert.equal(web["enableTokenRevocation"], true);
    assert.equal(web["preventUserExistenceErrors"], "ENABLED");
  });

  it("is set for addresses: verified, kept until a new one is, in any case; and for the pool: not deleted", async () => {
    const [{ inputs }] = (await planned("prod")).ofType("aws:cognito/userPool:UserPool") as [any];
    assert.deepEqual(inputs.autoVerifiedAttributes, ["email"]);
    assert.deepEqual(inputs.userAttributeUpdateSettings.attributesRequireVerificationBeforeUpdates, ["email"]);
    assert.deepEqual(inputs.usernameConfiguration, { caseSensitive: false });
    assert.equal(inputs.deletionProtection, "ACTIVE");
  });
});
