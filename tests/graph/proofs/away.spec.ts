import assert from "node:assert/strict";
import { proofsFor } from "../../../cli/plan/proofs";
import type { Graph } from "../../../graph/model";
import { planStack } from "../../../graph/plan";
import { configOf } from "../../conformance/plans";
import { changedValues } from "../../helpers/configuration";
import { Editor } from "../ledger/plant";

const prod = configOf("prod");
const statement18 = (graph: Graph) => proofsFor(graph, [], prod).results.find(({ statement }) => statement === 18)!;

describe("what a region's stack may have in another region", () => {
  let edge: Graph;

  before(async () => {
    const config = changedValues("prod", (each) => {
      each.signIn.domain = "sign-in.api.example.com";
      each.web.waf = { requestsPerFiveMinutes: 500 };
    });
    edge = await planStack("prod-edge.eu-west-1", { config });
  });

  it("is the web app's files, and what CloudFront has in its own region, each of which statement 18 names", () => {
    const { broken, evidence } = statement18(edge);
    assert.deepEqual(broken, []);
    assert.deepEqual(evidence, [
      "prod-edge.eu-west-1 changes resources of eu-west-1 alone, and the web app's files, and its certificate, logs, alarms and firewall, and the sign-in page's certificate",
    ]);
  });

  for (const [what, type, part] of [
    ["a function in the web app's hosting", "aws:lambda/function:Function", "eu-west-1-web-tls"],
    ["an alarm where its files are", "aws:cloudwatch/metricAlarm:MetricAlarm", "eu-west-1-web-eu-central-1-bucket"],
    ["a certificate where its files are", "aws:acm/certificate:Certificate", "eu-west-1-web-eu-central-1-bucket"],
    ["a bucket with the sign-in page's certificate", "aws:s3/bucket:Bucket", "sign-in-tls"],
  ] as const) {
    it(`is not ${what}`, () => {
      const plan = new Editor(edge);
      const near = plan.first(({ name, urn }) => name.includes(part) && urn.includes("$aws:"));
      plan.add(type, "more", {}, near);
      assert.deepEqual(statement18(plan.done()).broken, [`more is in ${near.region}, and the stack is of eu-west-1`]);
    });
  }
});
