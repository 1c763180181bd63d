import assert from "node:assert/strict";
import type { PlannedResource } from "../../../graph/model";
import { environments, planned } from "../../conformance/plans";

const POOL = "aws:cognito/userPool:UserPool";
const CLIENT = "aws:cognito/userPoolClient:UserPoolClient";

for (const environment of environments) {
  describe(`the user pool of ${environment}`, () => {
    let pool: PlannedResource;
    let clients: readonly PlannedResource[];
    before(async () => {
      const plan = await planned(environment);
      pool = plan.one(POOL, {});
      clients = plan.ofType(CLIENT);
    });

    it("names its tier and both bounds of every attribute", () => {
      assert.equal(pool.inputs["userPoolTier"], "ESSENTIALS");
      assert.ok(pool.inputs["schemas"].length > 0);
      for (const { name, attributeDataType, stringAttributeConstraints } of pool.inputs["schemas"]) {
        assert.equal(attributeDataType, "String", name);
        assert.deepEqual(Object.keys(stringAttributeConstraints).sort(), ["maxLength", "minLength"], name);
      }
    });

    it("lets no client write a tenant, a group or a role, and writes out what each may read and write", () => {
      assert.equal(clients.length, 2);
      for (const { name, inputs } of clients) {
        assert.ok(inputs["readAttributes"].length > 0, name);
        assert.ok(inputs["writeAttributes"].length > 0, name);
        const wrong = inputs["writeAttributes"].filter((one: string) => /^custom:|tenant|group|role/i.test(one));
        assert.deepEqual(wrong, [], name);
        const unknown = inputs["writeAttributes"].filter((one: string) => !inputs["readAttributes"].includes(one));
        assert.deepEqual(unknown, [], name);
      }
    });

    it("says how users sign in, and gives every lifetime its unit", () => {
      for (const { name, inputs } of clients) {
        assert.ok(inputs["explicitAuthFlows"].length > 0, name);
        assert.ok(!inputs["explicitAuthFlows"].some((flow: string) => flow.includes("USER_PASSWORD")), name);
        const units = { accessToken: "minutes", idToken: "minutes", refreshToken: "days" };
        assert.deepEqual(inputs["tokenValidityUnits"], units, name);
        // Cognito refuses a rotation beside the refresh flow, and no rotation without it.
        const rotates = inputs["refreshTokenRotation"]?.feature === "ENABLED";
        assert.equal(inputs["explicitAuthFlows"].includes("ALLOW_REFRESH_TOKEN_AUTH"), !rotates, name);
      }
    });
  });
}
