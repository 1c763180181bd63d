import assert from "node:assert/strict";
import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { planned, plannedWithTenants } from "../../conformance/plans";

const queueType = "aws:sqs/queue:Queue";
const integrationType = "aws:apigatewayv2/integration:Integration";

/** Integrations of HTTP APIs that put work into a queue. */
const taken = (plan: GraphIndex) => plan.where(integrationType, { integrationSubtype: "SQS-SendMessage" });

/** The queue and the role's statements of an integration. */
function partsOf(plan: GraphIndex, { inputs }: PlannedResource) {
  const role = plan.one("aws:iam/role:Role", { arn: inputs["credentialsArn"] });
  const policies = plan.where("aws:iam/rolePolicy:RolePolicy", { role: role.outputs["name"] });
  return {
    queue: plan.one(queueType, { url: inputs["requestParameters"].QueueUrl }),
    role,
    statements: policies.flatMap((each) => JSON.parse(each.inputs["policy"]).Statement as Record<string, any>[]),
  };
}

describe("work that a gateway puts into a queue", function () {
  this.timeout(60_000);

  it("says who sends it by the verified token, and takes nothing but the body from the client", async () => {
    const plan = await planned("prod");
    assert.equal(taken(plan).length, 2, "one route in two regions");
    for (const { inputs } of taken(plan)) {
      const { QueueUrl, ...others } = inputs["requestParameters"];
      assert.match(QueueUrl, /^https:\/\/sqs\./);
      assert.deepEqual(others, { MessageBody: "$request.body", MessageGroupId: "$context.authorizer.claims.sub" });
    }
  });

  it("says so by the REST API too, whose template escapes what a client writes", async () => {
    const plan = await plannedWithTenants("dev");
    const documents = plan.ofType("aws:apigateway/restApi:RestApi").map(({ inputs }) => JSON.parse(inputs["body"]));
    const templates = documents
      .flatMap(({ paths }) => Object.values<any>(paths).flatMap((path) => Object.values<any>(path)))
      .map((operation) => operation["x-amazon-apigateway-integration"])
      .filter((integration) => /:sqs:path/.test(integration?.uri ?? ""))
      .map(({ requestTemplates }) => requestTemplates["application/json"] as string);
    assert.equal(templates.length, 1);
    assert.match(templates[0]!, /#set\(\$body = \$util\.escapeJavaScript\(\$input\.body\)/);
    assert.match(templates[0]!, /"MessageGroupId":"\$util\.escapeJavaScript\(\$context\.authorizer\.[a-zA-Z]+\)"/);
  });

  it("is sent by a role that may send to the queues of one service, and nothing else", async () => {
    const plan = await planned("prod");
    for (const integration of taken(plan)) {
      const { queue, role, statements } = partsOf(plan, integration);
      const [trust] = JSON.parse(role.inputs["assumeRolePolicy"]).Statement;
      assert.deepEqual(trust.Principal, { Service: "apigateway.amazonaws.com" });
      assert.deepEqual(
        statements.map(({ Action, Resource }) => [Action, Resource]),
        [
          [["sqs:SendMessage"], queue.outputs["arn"]],
          [["kms:Decrypt", "kms:GenerateDataKey"], queue.inputs["kmsMasterKeyId"]],
        ],
      );
    }
  });
});
