import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { accountSchema } from "../../../account/config";
import type { GraphIndex } from "../../../graph/model";
import { readPolicyConfig } from "../../../graph/policy/config";
import { evaluate } from "../../../graph/policy/evaluate";
import { projectRoot } from "../../../graph/project-root";
import { awsServicePermissions } from "../../../infra/account/deploy-services";
import { boundaryActions } from "../../../infra/account/role-boundary";
import { declaredInputs } from "../../conformance/declarations";
import { regionTagsOf } from "../../conformance/plans";
import { planAccount } from "./fixture";

const ofAws = ({ type }: { type: string }) => type.startsWith("aws:");

describe("the account's stack", () => {
  let plan: GraphIndex;
  before(async () => {
    plan = await planAccount();
  });

  it("names everything by account and region, unlike what the deploy role may change", () => {
    for (const resource of plan.graph.resources.filter(ofAws)) {
      assert.ok(resource.name.startsWith(`account-${resource.region}-`), resource.urn);
      const parent = plan.urn(resource.parent!)!;
      assert.ok(resource.name.startsWith(`${parent.name}-`), resource.urn);
    }
  });

  it("tags what its declarations can tag", () => {
    const taggable = plan.graph.resources.filter((one) => ofAws(one) && declaredInputs(one.type).has("tags"));
    assert.ok(taggable.length > 10);
    for (const { urn, region, inputs } of taggable) {
      assert.deepEqual(inputs["tags"], regionTagsOf("account", region!), urn);
    }
  });

  it("sets the role of API Gateway's logs in each region, protected, once it may write", () => {
    const settings = plan.ofType("aws:apigateway/account:Account");
    assert.deepEqual(settings.map(({ region }) => region).sort(), ["eu-central-1", "eu-west-1"]);
    for (const { region, inputs, protect, dependencies } of settings) {
      const role = plan.arn(inputs["cloudwatchRoleArn"])!;
      assert.equal(role.region, region);
      assert.deepEqual(role.inputs["assumeRolePolicy"].Statement[0].Principal, { Service: "apigateway.amazonaws.com" });
      const attachment = plan.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { role: role.outputs["name"] });
      assert.match(attachment.inputs["policyArn"], /AmazonAPIGatewayPushToCloudWatchLogs$/);
      assert.ok(dependencies.includes(attachment.urn));
      assert.deepEqual([protect, role.protect, attachment.protect], [true, true, true]);
    }
  });

  it("puts out what environments and CI need, and nothing else", () => {
    const names = ["backend", "deployRoleArn", "permissionsBoundary", "secretsProvider"];
    assert.deepEqual(Object.keys(plan.graph.outputs).sort(), names);
  });

  it("is a project of its own that names its entry, and documents every key", () => {
    const project = parse(readFileSync(join(projectRoot, "account", "Pulumi.yaml"), "utf8"));
    assert.equal(project.main, "index.ts");
    const keys = Object.keys(accountSchema.shape).map((key) => `platform-account:${key}`);
    assert.deepEqual(Object.keys(project.config), keys);
    for (const { description } of Object.values<any>(project.config)) assert.ok(description.length > 20);
  });
});

describe("policy: the account's stack", () => {
  const configOf = readPolicyConfig("account");

  it("has no finding", async () => {
    const found = await evaluate((await planAccount()).graph, { configOf });
    assert.deepEqual(
      found.map(({ policy, urn }) => `${policy} ${urn}`),
      [],
    );
  });

  it("is allowed the wildcards that the tables have, and no more", () => {
    const unbound = Object.values(awsServicePermissions)
      .flat()
      .flatMap(({ prefix: service, resources }) => (resources ? [] : `${service}:*`));
    const whole = boundaryActions.filter((action) => action.endsWith(":*"));
    assert.deepEqual(
      configOf("no-wildcard-resource")["allowed"],
      [...new Set([...unbound, ...boundaryActions])].sort(),
    );
    assert.deepEqual(configOf("no-service-wildcard")["allowed"], [...whole, "s3:*"].sort());
  });
});
