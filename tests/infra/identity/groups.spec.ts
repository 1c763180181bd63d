import assert from "node:assert/strict";
import type { GraphIndex } from "../../../graph/model";
import { planned, replanned } from "../../conformance/plans";

const GROUP = "aws:cognito/userGroup:UserGroup";
const groups = { editors: { scopes: ["food-store/write", "pet-store/write"] }, newcomers: { scopes: [] } };

describe("groups of the user pool", () => {
  let plan: GraphIndex;
  before(async () => {
    plan = await replanned("dev", ({ signIn }) => {
      signIn.groups = groups;
      signIn.signUp = { open: false };
    });
  });

  it("are those of the configuration, without a role of AWS", () => {
    const pool = plan.one("aws:cognito/userPool:UserPool", {}).outputs["id"];
    assert.deepEqual(
      plan.ofType(GROUP).map(({ inputs }) => inputs),
      [
        { userPoolId: pool, name: "editors", description: "May have food-store/write, pet-store/write" },
        { userPoolId: pool, name: "newcomers", description: "May have no scope" },
      ],
    );
  });

  it("are known to the function that the pool asks before it issues a token, which calls nothing", () => {
    const pool = plan.one("aws:cognito/userPool:UserPool", {});
    const { lambdaArn, lambdaVersion } = pool.inputs["lambdaConfig"].preTokenGenerationConfig;
    assert.equal(lambdaVersion, "V3_0");
    const alias = plan.one("aws:lambda/alias:Alias", { arn: lambdaArn });
    const [trigger] = plan.where("aws:lambda/function:Function", { name: alias.inputs["functionName"] });
    const { handler, environment, timeout } = trigger!.inputs;
    assert.deepEqual([handler, timeout], ["handler.preTokenGeneration", 4]);
    assert.deepEqual(environment.variables, {
      GRANTS: '{"editors":["food-store/write","pet-store/write"],"newcomers":[]}',
    });
    const role = plan.ofType("aws:iam/role:Role").find(({ outputs }) => outputs["arn"] === trigger!.inputs["role"])!;
    const policies = plan.where("aws:iam/rolePolicy:RolePolicy", { role: role.outputs["name"] });
    const actions = policies.flatMap(({ inputs }) =>
      JSON.parse(inputs["policy"]).Statement.flatMap((one: any) => one.Action),
    );
    const own = ["logs:CreateLogStream", "logs:PutLogEvents", "xray:PutTraceSegments", "xray:PutTelemetryRecords"];
    assert.deepEqual(actions, own);
  });

  it("leave sign-up to an administrator where it is not open", async () => {
    const open = (index: GraphIndex) => index.one("aws:cognito/userPool:UserPool", {}).inputs["adminCreateUserConfig"];
    assert.deepEqual(open(plan), { allowAdminCreateUserOnly: true });
    assert.deepEqual(open(await planned("dev")), { allowAdminCreateUserOnly: false });
  });

  it("need no function where there are none", async () => {
    const without = await replanned("dev", ({ signIn }) => delete signIn.groups);
    assert.equal(without.ofType(GROUP).length, 0);
    assert.equal(without.one("aws:cognito/userPool:UserPool", {}).inputs["lambdaConfig"], undefined);
  });
});

describe("messages of the user pool that could not be delivered", () => {
  for (const environment of ["dev", "prod"] as const) {
    it(`are in a log group of ${environment} that keeps them as long as all logs`, async () => {
      const plan = await planned(environment);
      const pool = plan.one("aws:cognito/userPool:UserPool", {}).outputs["id"];
      const { inputs } = plan.one("aws:cognito/logDeliveryConfiguration:LogDeliveryConfiguration", {
        userPoolId: pool,
      });
      const [{ cloudWatchLogsConfiguration, ...of }] = inputs["logConfigurations"];
      assert.deepEqual(of, { eventSource: "userNotification", logLevel: "ERROR" });
      const group = plan.one("aws:cloudwatch/logGroup:LogGroup", { arn: cloudWatchLogsConfiguration.logGroupArn });
      assert.equal(group.inputs["retentionInDays"], environment === "dev" ? 7 : 90);
      // Cognito writes to no group that has a key.
      assert.equal(group.inputs["kmsKeyId"], undefined);
    });
  }
});
