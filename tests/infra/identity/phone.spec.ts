import assert from "node:assert/strict";
import type { GraphIndex } from "../../../graph/model";
import { policySettings } from "../../../stacks/config/policy";
import { configOf, planned, replanned } from "../../conformance/plans";
import { exampleConfig, problemsOf } from "../../stacks/config/example";

const clientType = "aws:cognito/userPoolClient:UserPoolClient";
const withPhone = (config: any) => Object.assign(config.signIn, { phone: { alarmDollars: 20 }, secondFactor: "off" });

describe("phone numbers of people", () => {
  let plan: GraphIndex;
  let pool: any;

  before(async () => {
    plan = await replanned("prod", withPhone);
    [{ inputs: pool }] = plan.ofType("aws:cognito/userPool:UserPool") as [any];
  });

  it("are verified by text messages of a role that only this pool's service may assume, by its external id", () => {
    const { externalId, snsCallerArn, snsRegion } = pool.smsConfiguration;
    assert.equal(snsRegion, "eu-west-1");
    const role = plan.one("aws:iam/role:Role", { arn: snsCallerArn });
    const [{ Principal, Condition }] = JSON.parse(role.inputs["assumeRolePolicy"]).Statement;
    assert.deepEqual(Principal, { Service: "cognito-idp.amazonaws.com" });
    assert.equal(Condition.StringEquals["sts:ExternalId"], externalId);
    assert.match(Condition.StringEquals["aws:SourceAccount"], /^\d{12}$/);
  });

  it("are all that the role publishes to", () => {
    const policies = plan.ofType("aws:iam/rolePolicy:RolePolicy").filter(({ name }) => /-texts-policy$/.test(name));
    assert.deepEqual(
      policies.map(({ inputs }) => JSON.parse(inputs["policy"]).Statement),
      [
        [
          { Effect: "Allow", Action: ["sns:Publish"], Resource: "*" },
          { Effect: "Deny", Action: ["sns:Publish"], Resource: "arn:aws:sns:*:*:*" },
        ],
      ],
    );
  });

  it("have no ARN, which the policy pack is told where they are configured", () => {
    const allowed = (config: any) =>
      (policySettings(config, {})["no-wildcard-resource"]?.["allowed"] ?? []) as string[];
    const config = configOf("prod");
    assert.deepEqual(allowed(config), []);
    withPhone(config);
    assert.ok(allowed(config).includes("sns:Publish"));
  });

  it("are neither what a sign-up confirms, nor a factor, nor a way to recover a password", () => {
    assert.deepEqual(pool.autoVerifiedAttributes, ["email"]);
    assert.equal(pool.mfaConfiguration, "OFF");
    assert.deepEqual(pool.accountRecoverySetting.recoveryMechanisms, [{ name: "verified_email", priority: 1 }]);
  });

  it("are written by people, whether they are verified is not", () => {
    const { inputs } = plan.ofType(clientType).find(({ name }) => /-web$/.test(name))!;
    assert.deepEqual(inputs["writeAttributes"], ["email", "name", "phone_number"]);
    assert.ok(inputs["readAttributes"].includes("phone_number_verified"));
    for (const scope of ["phone", "aws.cognito.signin.user.admin"])
      assert.ok(inputs["allowedOauthScopes"].includes(scope));
  });

  it("have an alarm on what the messages cost", () => {
    const { inputs } = plan.one("aws:cloudwatch/metricAlarm:MetricAlarm", { metricName: "SMSMonthToDateSpentUSD" });
    assert.equal(inputs["threshold"], 20);
    assert.equal(inputs["alarmActions"].length, 1);
  });

  it("are not there unless configured", async () => {
    const without = await planned("prod");
    assert.equal(without.ofType("aws:cognito/userPool:UserPool")[0]!.inputs["smsConfiguration"], undefined);
    for (const { inputs } of without.ofType(clientType))
      assert.doesNotMatch(JSON.stringify([inputs["writeAttributes"], inputs["allowedOauthScopes"]]), /phone/);
  });

  it("are refused with a second factor, which text messages would become, and without a limit of cost", () => {
    const problems = (secondFactor: string, phone: object) => {
      const config = exampleConfig("prod");
      Object.assign(config.signIn, { secondFactor, phone });
      return problemsOf(config);
    };
    assert.deepEqual(problems("off", { alarmDollars: 1 }), []);
    for (const factor of ["optional", "required"]) {
      assert.deepEqual(problems(factor, { alarmDollars: 1 }), [
        `platform:signIn.phone must not be set with signIn.secondFactor ${factor}, as text messages would be a second factor, too, which who takes over a number gets; set secondFactor to off, or remove phone`,
      ]);
    }
    assert.match(
      problems("off", { alarmDollars: 0 }).join(),
      /^platform:signIn\.phone\.alarmDollars must be at least 1/,
    );
  });
});
