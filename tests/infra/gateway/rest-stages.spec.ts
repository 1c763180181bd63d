import assert from "node:assert/strict";
import type { GraphIndex } from "../../../graph/model";
import { replanned, withoutCalls } from "../../conformance/plans";

const STAGE = "aws:apigateway/stage:Stage";
const SETTINGS = "aws:apigateway/methodSettings:MethodSettings";
const MAPPING = "aws:apigatewayv2/apiMapping:ApiMapping";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

describe("stages and firewall of the REST API", () => {
  let plan: GraphIndex;
  before(async () => {
    plan = await withoutCalls(() =>
      replanned("dev", (config) => {
        config.gateways.rest = {
          services: Object.keys(config.services),
          domain: "rest.api.dev.example.com",
          stages: ["v2"],
          waf: { requestsPerFiveMinutes: 1_000 },
        };
        config.tenants = {
          tiers: { free: { rate: 1, burst: 3, routes: { "pet-store/put-pet": { rate: 1, burst: 1 } } } },
        };
        config.services["pet-store"].pattern = "lambda";
      }),
    );
  });

  it("serves one deployment from two stages, each with its settings, logs and alarm", () => {
    const deployment = plan.one("aws:apigateway/deployment:Deployment", {}).outputs["id"];
    const stages = plan.ofType(STAGE);
    assert.deepEqual(
      stages.map(({ inputs }) => [inputs["stageName"], inputs["deployment"]]),
      [
        ["live", deployment],
        ["v2", deployment],
      ],
    );
    for (const { inputs } of stages) {
      assert.equal(inputs["xrayTracingEnabled"], true);
      // A stage with a canary would serve two deployments, and an update of the one would not reach all clients.
      assert.ok(!("canarySettings" in inputs));
    }
    const settings = (stageName: string) =>
      plan.where(SETTINGS, { stageName }).map(({ inputs: { methodPath, settings: of } }) => [methodPath, of]);
    assert.deepEqual(settings("v2"), settings("live"));
    const logs = stages.map(({ inputs }) => inputs["accessLogSettings"].destinationArn);
    assert.equal(new Set(logs).size, 2);
    const alarms = plan.ofType(ALARM).filter(({ inputs }) => inputs["metricQueries"]?.[0].metric?.dimensions?.ApiName);
    assert.deepEqual(
      alarms.map(({ inputs }) => inputs["metricQueries"][0].metric.dimensions.Stage),
      ["live", "v2"],
    );
  });

  it("leads to the second stage below its base path, at both names", () => {
    const mapped = plan.where(MAPPING, { apiMappingKey: "v2" });
    const api = plan.one("aws:apigateway/restApi:RestApi", {}).outputs["id"];
    assert.deepEqual(
      new Set(mapped.map(({ inputs }) => `${inputs["apiId"]} ${inputs["stage"]}`)),
      new Set([`${api} v2`]),
    );
    assert.deepEqual(mapped.map(({ inputs }) => inputs["domainName"]).sort(), [
      "eu-west-1.rest.api.dev.example.com",
      "rest.api.dev.example.com",
    ]);
  });

  it("permits functions by stage, and counts a tenant's requests to both in one plan", () => {
    const stages = plan
      .ofType("aws:lambda/permission:Permission")
      .map(({ inputs }) => /\/(live|v2)\/PUT\/pet-store/.exec(inputs["sourceArn"])?.[1])
      .filter((stage) => stage !== undefined);
    assert.deepEqual(stages.sort(), ["live", "v2"]);
    const [{ inputs } = assert.fail("no plan")] = plan.ofType("aws:apigateway/usagePlan:UsagePlan");
    assert.deepEqual(
      inputs["apiStages"].map((each: any) => [each.stage, each.throttles]),
      ["live", "v2"].map((stage) => [stage, [{ path: "/pet-store/pets/{id}/PUT", rateLimit: 1, burstLimit: 1 }]]),
    );
  });

  it("puts one web ACL before both stages, which limits addresses and logs without secrets", () => {
    const acl = plan.one("aws:wafv2/webAcl:WebAcl", {});
    const guarded = plan.where("aws:wafv2/webAclAssociation:WebAclAssociation", { webAclArn: acl.outputs["arn"] });
    assert.deepEqual(
      guarded.map(({ inputs }) => inputs["resourceArn"]).sort(),
      plan
        .ofType(STAGE)
        .map(({ outputs }) => outputs["arn"])
        .sort(),
    );
    const [limit, ...managed] = acl.inputs["rules"];
    assert.deepEqual(limit.statement.rateBasedStatement, {
      aggregateKeyType: "IP",
      limit: 1_000,
      evaluationWindowSec: 300,
    });
    assert.ok(managed.length >= 3 && managed.every((rule: any) => rule.statement.managedRuleGroupStatement));
    const log = plan.one("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", {});
    const group = plan.one("aws:cloudwatch/logGroup:LogGroup", { arn: log.inputs["logDestinationConfigs"][0] });
    assert.match(group.outputs["name"], /^aws-waf-logs-/);
    const redacted = log.inputs["redactedFields"].map((each: any) => each.singleHeader.name);
    assert.deepEqual(redacted, ["authorization", "cookie", "x-api-key"]);
    // A sample of requests has what the log leaves out.
    assert.doesNotMatch(JSON.stringify(acl.inputs), /"sampledRequestsEnabled":true/);
    const alarm = plan.one(ALARM, { namespace: "AWS/WAFV2" });
    assert.equal(alarm.inputs["dimensions"].WebACL, acl.inputs["visibilityConfig"].metricName);
    assert.equal(alarm.inputs["alarmActions"].length, 1);
  });
});
