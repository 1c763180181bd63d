import assert from "node:assert/strict";
import type { GraphIndex } from "../../../graph/model";
import { planned, replanned } from "../../conformance/plans";

const aclType = "aws:wafv2/webAcl:WebAcl";
const distributionType = "aws:cloudfront/distribution:Distribution";

/** Of the web app's firewall, all of which is in CloudFront's region. */
const partsOf = (plan: GraphIndex) => plan.graph.resources.filter(({ name }) => name.startsWith("eu-west-1-web-waf"));

describe("the web app's firewall", () => {
  let prod: GraphIndex;

  before(async () => {
    prod = await replanned("prod", (config) => {
      config.web.waf = { requestsPerFiveMinutes: 500 };
    });
  });

  it("is in front of the distribution, in CloudFront's region with all that belongs to it", () => {
    const [acl, ...others] = prod.ofType(aclType);
    assert.deepEqual(others, []);
    assert.equal(acl!.inputs["scope"], "CLOUDFRONT");
    assert.match(acl!.outputs["arn"], /^arn:aws:wafv2:us-east-1:\d+:global\/webacl\//);
    assert.equal(prod.ofType(distributionType)[0]!.inputs["webAclId"], acl!.outputs["arn"]);
    const regions = Object.fromEntries(partsOf(prod).map(({ name, region }) => [name, region]));
    assert.deepEqual(regions, {
      // The component itself, which is nowhere.
      "eu-west-1-web-waf": undefined,
      ...Object.fromEntries(["acl", "log", "logging", "blocked"].map((p) => [`eu-west-1-web-waf-${p}`, "us-east-1"])),
    });
    // A distribution names its web ACL by itself; an association of it is refused.
    assert.deepEqual(prod.ofType("aws:wafv2/webAclAssociation:WebAclAssociation"), []);
  });

  it("limits addresses, and has AWS's rules", () => {
    const [limit, ...managed] = prod.ofType(aclType)[0]!.inputs["rules"];
    assert.equal(limit.statement.rateBasedStatement.limit, 500);
    assert.deepEqual(limit.action, { block: {} });
    assert.deepEqual(
      managed.map(({ statement }: any) => statement.managedRuleGroupStatement.name),
      ["AmazonIpReputationList", "CommonRuleSet", "KnownBadInputsRuleSet"].map((name) => `AWSManagedRules${name}`),
    );
  });

  it("logs without tokens and without the code that a sign-in returns with, also in no sample", () => {
    const log = prod.one("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", {});
    const group = prod.one("aws:cloudwatch/logGroup:LogGroup", { arn: log.inputs["logDestinationConfigs"][0] });
    assert.match(group.outputs["name"], /^aws-waf-logs-/);
    assert.equal(group.inputs["retentionInDays"], 90);
    assert.deepEqual(
      log.inputs["redactedFields"].map((each: any) => each.singleHeader?.name ?? Object.keys(each)[0]),
      ["authorization", "cookie", "x-api-key", "queryString", "referer"],
    );
    assert.doesNotMatch(JSON.stringify(prod.ofType(aclType)[0]!.inputs), /"sampledRequestsEnabled":true/);
  });

  it("has an alarm with an action, on a metric that has no region", () => {
    const alarm = prod.one("aws:cloudwatch/metricAlarm:MetricAlarm", { namespace: "AWS/WAFV2" });
    const { metricName } = prod.ofType(aclType)[0]!.inputs["visibilityConfig"];
    assert.deepEqual(alarm.inputs["dimensions"], { WebACL: metricName, Rule: "ALL" });
    assert.match(alarm.inputs["alarmActions"][0], /^arn:aws:sns:us-east-1:/);
  });

  it("is not there unless configured, nor where the environment leaves it out", async () => {
    const without = [
      await planned("prod"),
      await replanned("prod", (config) => {
        config.web.waf = { requestsPerFiveMinutes: 500 };
        config.leaveOut = ["waf"];
      }),
    ];
    for (const plan of without) {
      assert.deepEqual(partsOf(plan), []);
      assert.equal(plan.ofType(distributionType)[0]!.inputs["webAclId"], undefined);
    }
  });
});
