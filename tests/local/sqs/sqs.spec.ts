import assert from "node:assert/strict";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import * as sqs from "@pulumi/aws/sqs";
import { AwsEndpoint } from "../../../local/aws/aws-endpoint";
import { Access, operatorKeys, withOperator } from "../../../local/iam/access";
import { rolesOf } from "../../../local/iam/planned-roles";
import { signedHeaders } from "../../../local/iam/sigv4/signed-headers";
import { Messaging } from "../../../local/messaging";
import { RoleSessions } from "../../../local/sts/role-sessions";
import { noStore } from "../helpers/access";
import { plan } from "../helpers/program";
import { until } from "../helpers/wait";

const account = "123456789012";
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const arnOf = (queue: string) => `arn:aws:sqs:eu-west-1:${account}:${queue}`;
const roles = [
  { name: "sender", Statement: { Effect: "Allow", Action: "sqs:SendMessage", Resource: arnOf("orders") } },
  { name: "mover", Statement: { Effect: "Allow", Action: "sqs:*", Resource: arnOf("orders-dead") } },
  {
    name: "lister",
    Statement: { Effect: "Allow", Action: ["sqs:ListMessageMoveTasks", "sqs:CancelMessageMoveTask"], Resource: "*" },
  },
  { name: "all", Statement: { Effect: "Allow", Action: "sqs:*", Resource: "*" } },
].map(({ name, Statement }) => ({
  ...{ arn: roleArn(name), name, account },
  identity: [{ Version: "2012-10-17", Statement: [Statement] }],
}));

describe("SQS on this machine, with the AWS SDK", () => {
  let messaging: Messaging;
  let endpoint: AwsEndpoint;
  let client: SQSClient;
  let QueueUrl: string;
  const sessions = new RoleSessions(rolesOf(roles));
  const clientOf = (role?: string, region = "eu-west-1") => {
    const credentials = role === undefined ? operatorKeys : sessions.open(roleArn(role));
    return new SQSClient({ region, endpoint: endpoint.url, maxAttempts: 1, credentials });
  };

  before(async () => {
    const index = await plan("", ({ name, opts }) => {
      const dead = new sqs.Queue(`${name}-dead`, { name: "orders-dead" }, opts);
      const redrivePolicy = dead.arn.apply((deadLetterTargetArn) =>
        JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 }),
      );
      const queue = new sqs.Queue(
        `${name}-orders`,
        { name: "orders", visibilityTimeoutSeconds: 1, maxMessageSize: 2_048, redrivePolicy },
        opts,
      );
      const closed = { Effect: "Deny", Principal: "*", Action: "sqs:ReceiveMessage", Resource: "*" };
      const policy = JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ ...closed, Condition: { ArnEquals: { "aws:PrincipalArn": roleArn("all") } } }],
      });
      new sqs.QueuePolicy(`${name}-policy`, { queueUrl: queue.url, policy }, opts);
    });
    const access = new Access(withOperator(sessions.find, account));
    messaging = new Messaging(index, { access, sessionOf: () => undefined, log: () => {}, ...noStore });
    const apis = (url: () => string) => messaging.apis(url);
    endpoint = new AwsEndpoint(index, { access, usagePlans: () => undefined, apis, log: () => {} });
    await endpoint.start();
    client = clientOf();
    QueueUrl = (await client.send(new GetQueueUrlCommand({ QueueName: "orders" }))).QueueUrl!;
  });
  afterEach(() => {
    for (const queue of messaging.queues.all) queue.purge();
  });
  after(async () => {
    messaging.stop();
    await endpoint.stop();
  });

  /** Calls the queue as clients did before the JSON protocol. */
  const query = async (Action: string, more: Readonly<Record<string, string>> = {}) => {
    const body = new URLSearchParams({ Action, ...more }).toString();
    const url = `/${account}/orders`;
    const type = "application/x-www-form-urlencoded";
    const message = {
      method: "POST",
      url,
      headers: { host: new URL(endpoint.url).host, "content-type": type },
      body,
    };
    const { host: _, ...headers } = signedHeaders(message, operatorKeys, { region: "eu-west-1", service: "sqs" });
    return (await fetch(`${endpoint.url}${url}`, { method: "POST", headers, body })).text();
  };

  it("has the planned queues with their settings", async () => {
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
    assert.equal(Attributes!["VisibilityTimeout"], "1");
    assert.equal(Attributes!["MaximumMessageSize"], "2048");
    assert.deepEqual(JSON.parse(Attributes!["RedrivePolicy"]!), {
      deadLetterTargetArn: arnOf("orders-dead"),
      maxReceiveCount: 1,
    });
    await assert.rejects(client.send(new GetQueueUrlCommand({ QueueName: "none" })), QueueDoesNotExist);
    const long = new SendMessageCommand({ QueueUrl, MessageBody: "x".repeat(2_049) });
    await assert.rejects(client.send(long), /Message must be shorter than 2048 bytes/);
  });

  it("carries a message with attributes of each type, and the digests that clients compare", async () => {
    const MessageAttributes = {
      text: { DataType: "String", StringValue: "ä" },
      number: { DataType: "Number.price", StringValue: "1.5" },
      bytes: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2, 255]) },
    };
    const sent = await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "café", MessageAttributes }));
    assert.equal(sent.MD5OfMessageBody, "07117fe4a1ebd544965dc19573183da2");
    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"] }));
    assert.deepEqual(Messages![0]!.MessageAttributes, MessageAttributes);
    assert.equal(Messages![0]!.MD5OfMessageAttributes, sent.MD5OfMessageAttributes);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages![0]!.ReceiptHandle }));
    assert.deepEqual(messaging.queues.named("eu-west-1", "orders").counts(), { visible: 0, inFlight: 0, delayed: 0 });
  });

  it("answers the query protocol of older clients, errors included", async () => {
    const attribute = {
      "MessageAttribute.1.Name": "n",
      "MessageAttribute.1.Value.DataType": "String",
      "MessageAttribute.1.Value.StringValue": "v",
    };
    const sent = await query("SendMessage", { MessageBody: "a<b", ...attribute });
    assert.match(
      sent,
      /<SendMessageResponse xmlns="http:\/\/queue.amazonaws.com\/doc\/2012-11-05\/"><SendMessageResult>/,
    );
    // Digest of the name n, the type String and the value v, each with its length, as AWS documents it.
    assert.match(sent, /<MD5OfMessageAttributes>[0-9a-f]{32}<\/MD5OfMessageAttributes>/);
    const received = await query("ReceiveMessage", { "MessageAttributeName.1": "All" });
    assert.match(received, /<Message><MessageId>[^<]+<\/MessageId><ReceiptHandle>[^<]+<\/ReceiptHandle>/);
    assert.match(received, /<Body>a&#60;b<\/Body><MessageAttribute><Name>n<\/Name><Value>/);
    assert.match(
      await query("ReceiveMessage", { MaxNumberOfMessages: "11" }),
      /<Code>InvalidParameterValue<\/Code><Message>Value 11 for/,
    );
  });

  it("lets in whom the role's and the queue's policies let in", async () => {
    const [sender, all] = [clientOf("sender"), clientOf("all")];
    await sender.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: "1", MessageBody: "x" }] }));
    await assert.rejects(
      sender.send(new ReceiveMessageCommand({ QueueUrl })),
      /is not authorized to perform: sqs:ReceiveMessage on resource: arn:aws:sqs:eu-west-1:123456789012:orders because no identity-based policy allows/,
    );
    await assert.rejects(
      all.send(new ReceiveMessageCommand({ QueueUrl })),
      /with an explicit deny in a resource-based policy/,
    );
  });

  it("moves a message that was received too often to its dead letters, and by a task back again", async () => {
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "poison" }));
    assert.equal((await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages!.length, 1);
    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2 }));
    assert.equal(Messages, undefined);
    const dead = messaging.queues.named("eu-west-1", "orders-dead");
    assert.equal(dead.counts().visible, 1);
    const SourceArn = arnOf("orders-dead");
    const starting = clientOf("mover").send(new StartMessageMoveTaskCommand({ SourceArn }));
    await assert.rejects(starting, /mover.* is not authorized to perform: sqs:SendMessage on resource: .*:orders /);
    // A destination that does not exist is no way around the right to send.
    const elsewhere = new StartMessageMoveTaskCommand({ SourceArn, DestinationArn: arnOf("none") });
    await assert.rejects(
      clientOf("mover").send(elsewhere),
      /not authorized to perform: sqs:SendMessage on resource: .*:none /,
    );
    const listing = clientOf("lister").send(new ListMessageMoveTasksCommand({ SourceArn }));
    await assert.rejects(
      listing,
      /lister.* is not authorized to perform: sqs:DeleteMessage on resource: .*:orders-dead /,
    );
    await client.send(new StartMessageMoveTaskCommand({ SourceArn }));
    await until("the task has ended", async () => {
      const { Results } = await client.send(new ListMessageMoveTasksCommand({ SourceArn }));
      return Results![0]!.Status === "COMPLETED" && Results![0]!.ApproximateNumberOfMessagesMoved === 1;
    });
    const again = await client.send(new ReceiveMessageCommand({ QueueUrl, AttributeNames: ["All"] }));
    assert.equal(again.Messages![0]!.Attributes!["ApproximateReceiveCount"], "1");
    assert.equal(dead.counts().visible, 0);
  });

  it("keeps the queues of regions apart", async () => {
    const other = clientOf(undefined, "us-east-1");
    await assert.rejects(other.send(new SendMessageCommand({ QueueUrl, MessageBody: "x" })), QueueDoesNotExist);
    await other.send(new CreateQueueCommand({ QueueName: "orders" }));
    await other.send(new SendMessageCommand({ QueueUrl, MessageBody: "x" }));
    assert.equal(messaging.queues.named("us-east-1", "orders").counts().visible, 1);
    assert.equal(messaging.queues.named("eu-west-1", "orders").counts().visible, 0);
  });
});
