import assert from "node:assert/strict";
import type { GraphIndex } from "../../../graph/model";
import { environments, planned, replanned, withExperiments, withSignIn } from "../../conformance/plans";
import { allows } from "./allows";
import { boundaryOf, planAccount } from "./fixture";

const roles = (plan: GraphIndex) => plan.ofType("aws:iam/role:Role");
const inRegion = { "aws:requestedregion": "eu-west-1" };

describe("the boundary of roles", () => {
  let account: GraphIndex;
  let statements: any[];
  before(async () => {
    account = await planAccount();
    statements = boundaryOf(account);
  });

  for (const environment of environments) {
    it(`leaves every role of ${environment} all that its policies say, tenants', callers' and triggers' included`, async () => {
      const plan = await replanned(environment, (config) => {
        withSignIn(config);
        withExperiments(config);
      });
      const own = plan
        .ofType("aws:iam/rolePolicy:RolePolicy")
        .flatMap(({ region, inputs }) =>
          JSON.parse(inputs["policy"]).Statement.map((statement: any) => ({ region, ...statement })),
        );
      let checked = 0;
      for (const { region, Action, Resource, Condition } of own) {
        const via = [Condition?.StringEquals?.["kms:ViaService"] ?? []].flat()[0];
        const context = { "aws:requestedregion": region, ...(via && { "kms:viaservice": via }) };
        for (const action of [Action].flat()) {
          for (const resource of [Resource].flat()) {
            const asked = resource.replace(/\*$/, "x");
            assert.ok(allows(statements, action, asked, context), `${action} on ${resource}`);
            checked += 1;
          }
        }
      }
      assert.ok(checked > 40, String(checked));
    });
  }

  it("gives no identities, keys, state, other regions or other roles", () => {
    const state = account.one("aws:s3/bucket:Bucket", {}).outputs["arn"];
    const key = account.one("aws:kms/key:Key", {}).outputs["arn"];
    const refused: [action: string, resource: string][] = [
      ["iam:CreateRole", "arn:aws:iam::123456789012:role/eu-west-1-x"],
      ["iam:PutRolePolicy", "arn:aws:iam::123456789012:role/eu-west-1-x"],
      ["iam:CreateUser", "arn:aws:iam::123456789012:user/x"],
      ["sts:AssumeRole", "arn:aws:iam::123456789012:role/admin"],
      ["organizations:LeaveOrganization", "*"],
      ["kms:Decrypt", key],
      ["s3:GetObject", `${state}/.pulumi/stacks/platform/prod.json`],
      ["s3:DeleteObjectVersion", `${state}/.pulumi/stacks/platform/prod.json`],
      ["s3:PutBucketPolicy", state],
    ];
    for (const [action, resource] of refused) assert.ok(!allows(statements, action, resource, inRegion), action);
    assert.ok(!allows(statements, "dynamodb:GetItem", "*", { "aws:requestedregion": "us-east-1" }));
    const passed = { ...inRegion, "iam:passedtoservice": "ec2.amazonaws.com" };
    assert.ok(allows(statements, "iam:PassRole", "arn:aws:iam::123456789012:role/eu-west-1-x", passed));
    assert.ok(!allows(statements, "iam:PassRole", "arn:aws:iam::123456789012:role/admin", passed));
  });

  it("keeps its name, and is protected, as environments name it", () => {
    const policy = account.one("aws:iam/policy:Policy", { name: "platform-boundary" });
    assert.equal(account.graph.outputs["permissionsBoundary"], "arn:aws:iam::123456789012:policy/platform-boundary");
    assert.equal(policy.outputs["arn"], account.graph.outputs["permissionsBoundary"]);
    assert.equal(policy.protect, true);
  });

  it("is on every role of an environment that is configured with it, and on none of one that is not", async () => {
    const permissionsBoundary = "arn:aws:iam::123456789012:policy/platform-boundary";
    const plan = await replanned("prod", (config) => {
      config.roles = { permissionsBoundary };
    });
    assert.equal(roles(plan).length, roles(await planned("prod")).length);
    for (const { urn, inputs } of roles(plan)) assert.equal(inputs["permissionsBoundary"], permissionsBoundary, urn);
    for (const { urn, inputs } of roles(await planned("prod"))) assert.ok(!("permissionsBoundary" in inputs), urn);
  });
});
