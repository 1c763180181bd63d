import assert from "node:assert/strict";
import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { environments, planned } from "../../conformance/plans";

const account = "123456789012";
const json = (text: string) => JSON.parse(text);
const publishers = ["food-store", "pet-store"];

/** What is planned for the changes of one service in one region. */
function changesOf(plan: GraphIndex, region: string, service: string) {
  const name = `${region}-${service}-changes`;
  const one = (type: string, part = "") => {
    const found = plan.ofType(type).filter((each) => each.region === region && each.name === `${name}${part}`);
    assert.equal(found.length, 1, `${type} ${name}${part}`);
    return found[0] as PlannedResource;
  };
  return {
    pipe: one("aws:pipes/pipe:Pipe"),
    topic: one("aws:sns/topic:Topic", "-topic"),
    topicPolicy: one("aws:sns/topicPolicy:TopicPolicy", "-policy"),
    failed: one("aws:sqs/queue:Queue", "-failed"),
    role: one("aws:iam/role:Role", "-role"),
    rolePolicy: one("aws:iam/rolePolicy:RolePolicy", "-role-policy"),
  };
}

for (const environment of environments) {
  describe(`changes of items in ${environment}`, () => {
    let plan: GraphIndex;
    let regions: string[];
    before(async () => {
      plan = await planned(environment);
      regions = [...new Set(plan.ofType("aws:pipes/pipe:Pipe").map(({ region }) => region!))].sort();
    });
    const each = () => regions.flatMap((region) => publishers.map((service) => ({ region, service })));

    it("are published by a pipe of each publisher in each region, and of no other service", () => {
      assert.deepEqual(regions, environment === "dev" ? ["eu-west-1"] : ["eu-central-1", "eu-west-1"]);
      assert.equal(plan.ofType("aws:pipes/pipe:Pipe").length, regions.length * publishers.length);
    });

    it("are read from the region's own stream, and only those that were written in it, so that each is published once", () => {
      const tables = plan.ofType("aws:dynamodb/table:Table");
      for (const { region, service } of each()) {
        const { pipe } = changesOf(plan, region, service);
        const { outputs, inputs } = tables.find(({ name }) => name.endsWith(`-data-${service}`))!;
        assert.equal(inputs["streamEnabled"], true);
        assert.equal(inputs["streamViewType"], "NEW_AND_OLD_IMAGES");
        const replica = outputs["replicas"].find((one: any) => one.regionName === region);
        assert.equal(pipe.inputs["source"], (replica ?? outputs)["streamArn"]);
        assert.match(pipe.inputs["source"], new RegExp(`^arn:aws:dynamodb:${region}:.*/stream/`));
        const filters = pipe.inputs["sourceParameters"].filterCriteria.filters.map((one: any) => json(one.pattern));
        assert.deepEqual(filters, [{ dynamodb: { NewImage: { writtenIn: { S: [region] } } } }]);
      }
      const silent = tables.find(({ name }) => name.endsWith("-data-shipping"))!;
      assert.equal(silent.inputs["streamEnabled"], environment === "prod" ? true : undefined);
    });

    it("do not stop a stream for ever when one of them is refused, and are kept then", () => {
      for (const { region, service } of each()) {
        const { pipe, failed } = changesOf(plan, region, service);
        const parameters = pipe.inputs["sourceParameters"].dynamodbStreamParameters;
        assert.deepEqual(parameters, {
          startingPosition: "TRIM_HORIZON",
          batchSize: 10,
          parallelizationFactor: 1,
          onPartialBatchItemFailure: "AUTOMATIC_BISECT",
          deadLetterConfig: { arn: failed.outputs["arn"] },
          maximumRetryAttempts: 100,
          maximumRecordAgeInSeconds: 21_600,
        });
      }
    });

    it("are sent by a role that may read this stream, write to this topic and queue, and use their key through them", () => {
      for (const { region, service } of each()) {
        const { pipe, topic, failed, role, rolePolicy } = changesOf(plan, region, service);
        assert.equal(pipe.inputs["roleArn"], role.outputs["arn"]);
        assert.ok(pipe.dependencies.includes(rolePolicy.urn), "AWS tries the stream when the pipe is made");
        const trust = json(role.inputs["assumeRolePolicy"]).Statement[0];
        assert.deepEqual(trust.Principal, { Service: "pipes.amazonaws.com" });
        assert.deepEqual(trust.Condition, {
          StringEquals: { "aws:SourceAccount": account },
          ArnLike: { "aws:SourceArn": `arn:aws:pipes:${region}:${account}:pipe/${region}-${service}-changes-*` },
        });
        const key = plan.ofType("aws:kms/key:Key").find(({ name }) => name === `${region}-messaging-key`)!;
        const may = json(rolePolicy.inputs["policy"]).Statement.map((one: any) => [one.Action[0], one.Resource]);
        assert.deepEqual(may, [
          ["dynamodb:DescribeStream", pipe.inputs["source"]],
          ["lambda:InvokeFunction", pipe.inputs["enrichment"]],
          ["sns:Publish", topic.outputs["arn"]],
          ["sqs:SendMessage", failed.outputs["arn"]],
          ["kms:Decrypt", key.outputs["arn"]],
        ]);
        assert.equal(topic.inputs["kmsMasterKeyId"], key.outputs["arn"]);
        assert.equal(failed.inputs["kmsMasterKeyId"], key.outputs["arn"]);
      }
    });

    it("are taken by TLS alone, and signed with SHA-256", () => {
      for (const { region, service } of each()) {
        const { topic, topicPolicy } = changesOf(plan, region, service);
        assert.equal(topic.inputs["signatureVersion"], 2);
        assert.deepEqual(json(topicPolicy.inputs["policy"]).Statement, [
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "sns:Publish",
            Resource: topic.outputs["arn"],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ]);
      }
    });

    it("become messages in one function of a region, which knows the service of each table", () => {
      for (const region of regions) {
        const reader = plan
          .ofType("aws:lambda/function:Function")
          .find(({ name }) => name === `${region}-messaging-reader`)!;
        const names = publishers.map((service) => {
          const table = plan.ofType("aws:dynamodb/table:Table").find(({ name }) => name.endsWith(`-data-${service}`))!;
          return `${table.outputs["name"]}=${service}`;
        });
        assert.deepEqual(reader.inputs["environment"], { variables: { PUBLISHERS: names.join(",") } });
      }
    });

    it("raise an alarm when they are not published, do not reach a subscriber, or are given up", () => {
      const alarms = plan.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
      for (const { region, service } of each()) {
        const own = alarms.filter(({ name }) => name.startsWith(`${region}-${service}-changes-`));
        assert.deepEqual(own.map(({ inputs }) => `${inputs["namespace"]} ${inputs["metricName"]}`).sort(), [
          "AWS/EventBridge/Pipes ExecutionFailed",
          "AWS/SNS NumberOfNotificationsFailed",
          "AWS/SQS ApproximateNumberOfMessagesVisible",
        ]);
        assert.ok(own.every(({ inputs }) => inputs["alarmActions"]?.length === 1));
      }
    });
  });
}
