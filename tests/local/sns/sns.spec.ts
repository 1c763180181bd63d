import assert from "node:assert/strict";
import { createVerify, X509Certificate } from "node:crypto";
import {
  AuthorizationErrorException,
  ListSubscriptionsByTopicCommand,
  NotFoundException,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import * as kms from "@pulumi/aws/kms";
import * as sns from "@pulumi/aws/sns";
import * as sqs from "@pulumi/aws/sqs";
import { AwsEndpoint } from "../../../local/aws/aws-endpoint";
import { Access, operatorKeys, withOperator } from "../../../local/iam/access";
import { rolesOf } from "../../../local/iam/planned-roles";
import { Messaging } from "../../../local/messaging";
import { RoleSessions } from "../../../local/sts/role-sessions";
import { TimeScale } from "../../../local/time-scale";
import { serve, stopAll } from "../apigateway/http/helpers/running";
import { noStore } from "../helpers/access";
import { plan } from "../helpers/program";
import { until } from "../helpers/wait";

const account = "123456789012";
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const TopicArn = `arn:aws:sns:eu-west-1:${account}:changes`;
const document = (...Statement: object[]) => ({ Version: "2012-10-17", Statement });
const allow = (more: object) => ({ Effect: "Allow", Resource: "*", ...more });
const roles = ["publisher", "without-key"].map((name) => ({
  ...{ arn: roleArn(name), name, account },
  identity: [document(allow({ Action: name === "publisher" ? ["sns:Publish", "kms:*"] : "sns:Publish" }))],
}));

describe("SNS on this machine, with the AWS SDK", () => {
  let messaging: Messaging;
  let endpoint: AwsEndpoint;
  const lines: string[] = [];
  const posts: any[] = [];
  /** Statuses that the HTTP endpoint answers; then 200. */
  const statuses: number[] = [];
  const sessions = new RoleSessions(rolesOf(roles));
  const clientOf = (role?: string) => {
    const credentials = role === undefined ? operatorKeys : sessions.open(roleArn(role));
    return new SNSClient({ region: "eu-west-1", endpoint: endpoint.url, maxAttempts: 1, credentials });
  };
  const queue = (name: string) => messaging.queues.named("eu-west-1", name);
  const bodies = async (name: string) => (await queue(name).receive({ most: 10 })).map(({ body }) => body);

  before(async () => {
    const { origin } = await serve(async (req, res) => {
      const chunks: Buffer[] = [];
      for await (const chunk of req) chunks.push(chunk);
      posts.push(JSON.parse(Buffer.concat(chunks).toString()));
      res.writeHead(statuses.shift() ?? 200).end();
    });
    const index = await plan("", ({ name, opts }) => {
      const keyPolicy = document(
        allow({ Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "kms:*" }),
        allow({ Principal: { Service: "sns.amazonaws.com" }, Action: ["kms:GenerateDataKey", "kms:Decrypt"] }),
      );
      const key = new kms.Key(`${name}-key`, { policy: JSON.stringify(keyPolicy) }, opts);
      const topic = new sns.Topic(`${name}-topic`, { name: "changes", kmsMasterKeyId: key.arn }, opts);
      const queueOf = (id: string, principal?: string, kmsMasterKeyId?: kms.Key) => {
        const made = new sqs.Queue(
          `${name}-${id}`,
          { name: id, ...(kmsMasterKeyId && { kmsMasterKeyId: kmsMasterKeyId.arn }) },
          opts,
        );
        const Condition = { ArnEquals: { "aws:SourceArn": TopicArn } };
        const policy = document(allow({ Principal: { Service: principal }, Action: "sqs:SendMessage", Condition }));
        if (principal !== undefined) {
          new sqs.QueuePolicy(`${name}-${id}`, { queueUrl: made.url, policy: JSON.stringify(policy) }, opts);
        }
        return made;
      };
      const dead = queueOf("dead", "sns.amazonaws.com");
      const redrivePolicy = dead.arn.apply((deadLetterTargetArn) => JSON.stringify({ deadLetterTargetArn }));
      const subscribe = (id: string, protocol: string, to: any, more: object = {}) =>
        new sns.TopicSubscription(
          `${name}-${id}`,
          { topic: topic.arn, protocol, endpoint: to, redrivePolicy, ...more },
          opts,
        );
      const onlyTea = { filterPolicy: JSON.stringify({ kind: ["tea"] }), rawMessageDelivery: true };
      subscribe("tea", "sqs", queueOf("tea", "sns.amazonaws.com", key).arn, onlyTea);
      subscribe("closed", "sqs", queueOf("closed", "events.amazonaws.com").arn);
      subscribe("mail", "email", "ada@example.com");
      subscribe("web", "https", "https://hooks.example.com/changes");
      subscribe("elsewhere", "https", "https://elsewhere.example.com/");
    });
    const access = new Access(withOperator(sessions.find, account));
    messaging = new Messaging(index, {
      access,
      time: new TimeScale(200),
      sessionOf: () => undefined,
      ...noStore,
      standIns: { "https://hooks.example.com": origin },
      log: (source, line) => lines.push(`${source}: ${line}`),
    });
    const apis = (url: () => string) => messaging.apis(url);
    endpoint = new AwsEndpoint(index, { access, usagePlans: () => undefined, apis, log: () => {} });
    await endpoint.start();
    messaging.start(endpoint.url, { invoke: async () => null });
    await until("the endpoint is asked to confirm", () => posts.length === 1);
  });
  afterEach(() => {
    for (const each of messaging.queues.all) each.purge();
  });
  after(async () => {
    messaging.stop();
    await endpoint.stop();
    await stopAll();
  });

  /** Verifies a message as its receivers do: by the certificate that it names, and the fields in their order. */
  const verified = async (message: any, fields: readonly string[]) => {
    const certificate = new X509Certificate(await (await fetch(message.SigningCertURL)).text());
    assert.ok(certificate.verify(certificate.publicKey), "the certificate is signed by itself");
    const text = fields.flatMap((name) => (name in message ? [`${name}\n${message[name]}\n`] : [])).join("");
    return createVerify("sha1").update(text).verify(certificate.publicKey, message.Signature, "base64");
  };

  it("asks an HTTPS endpoint to confirm, and sends it signed notifications from then on", async () => {
    const [asked] = posts;
    const confirmation = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
    assert.ok(await verified(asked, confirmation));
    assert.equal(await verified({ ...asked, Token: "another" }, confirmation), false);
    assert.match(await (await fetch(asked.SubscribeURL)).text(), /<ConfirmSubscriptionResponse/);
    await clientOf().send(new PublishCommand({ TopicArn, Message: "one", Subject: "news" }));
    await until("the endpoint has the message", () => posts.length === 2);
    const notification = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
    assert.ok(await verified(posts[1], notification));
    assert.equal(await verified({ ...posts[1], Message: "two" }, notification), false);
  });

  it("tries an endpoint again that fails, and keeps the message as a dead letter when it failed for good", async () => {
    const before = posts.length;
    statuses.push(503, 503);
    await clientOf().send(new PublishCommand({ TopicArn, Message: "late" }));
    await until("the third attempt", () => posts.length === before + 3);
    queue("dead").purge();
    statuses.push(400);
    await clientOf().send(new PublishCommand({ TopicArn, Message: "refused" }));
    await until("the dead letters", () => queue("dead").counts().visible === 2);
    assert.deepEqual(
      (await bodies("dead")).map((body) => JSON.parse(body).Message),
      ["refused", "refused"],
    );
  });

  it("sends a queue what its filter takes, if the queue's policy lets the topic in; else it is a dead letter", async () => {
    const attribute = (StringValue: string) => ({ kind: { DataType: "String", StringValue } });
    const entries = ["tea", "coffee"].map((Id) => ({ Id, Message: Id, MessageAttributes: attribute(Id) }));
    await clientOf("publisher").send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries }));
    assert.deepEqual(await bodies("tea"), ["tea"]);
    assert.deepEqual(await bodies("closed"), []);
    assert.deepEqual(
      (await bodies("dead")).map((body) => JSON.parse(body).Message),
      ["tea", "coffee"],
    );
    assert.ok(
      lines.some((line) =>
        /did not get message .*sns.amazonaws.com is not authorized to perform: sqs:SendMessage/.test(line),
      ),
    );
  });

  it("puts e-mail into the log, and calls no endpoint outside this machine", async () => {
    await clientOf().send(new PublishCommand({ TopicArn, Message: "hello", Subject: "greeting" }));
    await until("the mail", () => lines.includes("mailbox: to ada@example.com: greeting: hello"));
    assert.ok(lines.some((line) => line.startsWith("sns: https://elsewhere.example.com/ is outside this machine")));
  });

  it("refuses documents that are no JSON, which later deliveries and calls would fail on", async () => {
    const { Subscriptions } = await clientOf().send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    const { SubscriptionArn } = Subscriptions![0]!;
    for (const AttributeName of ["RedrivePolicy", "DeliveryPolicy"]) {
      const change = new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue: "{" });
      await assert.rejects(clientOf().send(change), new RegExp(`Invalid parameter: ${AttributeName}`));
    }
    const policy = { TopicArn, AttributeName: "Policy", AttributeValue: "{" };
    await assert.rejects(clientOf().send(new SetTopicAttributesCommand(policy)), /Invalid parameter: Policy/);
  });

  it("lets publish whom the topic's key lets in, and answers by SNS's own exceptions", async () => {
    const publish = new PublishCommand({ TopicArn, Message: "m" });
    await assert.rejects(clientOf("without-key").send(publish), (error: Error) => {
      assert.ok(error instanceof AuthorizationErrorException);
      assert.match(error.message, /without-key.* is not authorized to perform: kms:GenerateDataKey/);
      return true;
    });
    const missing = new PublishCommand({ TopicArn: `${TopicArn}-of-nothing`, Message: "m" });
    await assert.rejects(clientOf().send(missing), NotFoundException);
    const topic = new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: "grace@example.com" });
    const { SubscriptionArn } = await clientOf().send(topic);
    const { Subscriptions } = await clientOf().send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    assert.equal(Subscriptions!.at(-1)!.SubscriptionArn, SubscriptionArn);
    assert.equal(Subscriptions!.length, 6);
  });
});
