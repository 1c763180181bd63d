import assert from "node:assert/strict";
import { output } from "@pulumi/pulumi";
import { patternNames } from "../../infra/compute/registry";
import type { ServiceGrants } from "../../infra/compute/service-grants";
import { network, planServices, region, type ServicePlan, serviceSpec, subnets } from "../infra/compute/fixture";
import { ofType, readers, settingsOf, statementsOf } from "../infra/compute/readers";

const arn = `arn:aws:ssm:${region}:123456789012:parameter/platform/prod/food-store/A_KEY`;
const grants = (callsOut: boolean): ServiceGrants => ({
  variables: { A_URL: "https://a.example.com" },
  statements: [],
  secrets: { A_KEY: output(arn) },
  callsOut,
});
const closed = { ...network, storagePrefixLists: { s3: "pl-s3", dynamodb: "pl-dynamodb" } };
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

/** Where each pattern says which parameter has the secret. */
const secretOf: Record<(typeof patternNames)[number], (plan: ServicePlan) => unknown> = {
  ecs: (plan) => {
    const [container] = JSON.parse(plan.inputs("aws:ecs/taskDefinition:TaskDefinition")["containerDefinitions"]);
    return container.secrets;
  },
  beanstalk: (plan) => settingsOf(plan)["aws:elasticbeanstalk:application:environmentsecrets A_KEY"],
  ec2: (plan) => readers.ec2(plan).env["A_KEY_PARAMETER"],
  lambda: (plan) => readers.lambda(plan).env["A_KEY_PARAMETER"],
};
const named = "/platform/prod/food-store/A_KEY";
const secretIn = { ecs: [{ name: "A_KEY", valueFrom: arn }], beanstalk: arn, ec2: named, lambda: named };

for (const pattern of patternNames) {
  describe(`own settings under ${pattern}`, () => {
    const service = serviceSpec(pattern);
    let plan: ServicePlan;
    before(async () => {
      plan = await planServices([service], { grants: grants(false), network: closed });
    });

    it("have their variables in the environment of the code", () => {
      assert.equal(readers[pattern](plan).env["A_URL"], "https://a.example.com");
    });

    it("have a secret by the parameter that has it, which one role may read and nothing else", () => {
      assert.deepEqual(secretOf[pattern](plan), secretIn[pattern]);
      const allowing = statementsOf(plan.of("food-store")).filter(({ Action }) =>
        Action.some((action: string) => action.startsWith("ssm:GetParameter")),
      );
      assert.deepEqual(allowing, [
        { Effect: "Allow", Action: ["ssm:GetParameter", "ssm:GetParameters"], Resource: [arn] },
      ]);
    });

    it("reach AWS's endpoints only, or any address by HTTPS when hosts outside are called", async () => {
      const open = await planServices([service], { grants: grants(true), network: closed });
      const leads = (one: ServicePlan) =>
        ofType(one.of("food-store"), EGRESS)
          .map(({ inputs }) => [inputs["cidrIpv4"] ?? inputs["prefixListId"], inputs["toPort"]].join(" "))
          .filter((to) => to.endsWith(" 443"))
          .sort();
      if (pattern === "lambda") {
        const vpcOf = (one: ServicePlan) =>
          one.named("aws:lambda/function:Function", `${region}-food-store-function`)["vpcConfig"];
        assert.deepEqual([vpcOf(plan), leads(plan)], [undefined, []]);
        assert.deepEqual(vpcOf(open), { subnetIds: subnets, securityGroupIds: ["sg-functions"] });
        const actions = statementsOf(open.of("food-store")).flatMap(({ Action }) => Action);
        assert.ok(actions.includes("ec2:CreateNetworkInterface"));
        return;
      }
      assert.deepEqual(leads(plan), ["10.0.0.0/16 443", "pl-dynamodb 443", "pl-s3 443"]);
      assert.deepEqual(leads(open), ["0.0.0.0/0 443"]);
    });
  });
}
