import assert from "node:assert/strict";
import { GraphIndex, type PlannedResource } from "../../../graph/model";
import { Messaging } from "../../../local/messaging";
import type { ObjectChange } from "../../../local/s3/notifications";
import { TimeScale } from "../../../local/time-scale";
import { noStore, operatorOnly } from "../helpers/access";
import { until } from "../helpers/wait";

const account = "123456789012";
const region = "eu-west-1";
const functionArn = `arn:aws:lambda:${region}:${account}:function:reader`;
const queueArn = `arn:aws:sqs:${region}:${account}:uploads`;
const roleArn = `arn:aws:iam::${account}:role/reader`;

function planned(type: string, outputs: object): PlannedResource {
  return { urn: `${type}::${JSON.stringify(outputs)}`, type, name: "n", region, inputs: outputs, outputs } as any;
}

/** @param permission  properties of the function's permission */
function planOf(permission: object): GraphIndex {
  const statement = { Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sqs:SendMessage" };
  const Condition = { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::things" } };
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: { ...statement, Resource: "*", Condition } });
  const resources = [
    planned("aws:iam/role:Role", { arn: roleArn }),
    planned("aws:sqs/queue:Queue", { name: "uploads", arn: queueArn, url: "u", policy }),
    planned("aws:sqs/queue:Queue", { name: "dead", arn: queueArn.replace("uploads", "dead"), url: "d" }),
    planned("aws:lambda/function:Function", {
      ...{ name: "reader", arn: functionArn, role: roleArn },
      deadLetterConfig: { targetArn: queueArn.replace("uploads", "dead") },
    }),
    planned("aws:lambda/permission:Permission", {
      ...{ function: "reader", action: "lambda:InvokeFunction", principal: "s3.amazonaws.com" },
      ...permission,
    }),
    planned("aws:s3/bucketNotification:BucketNotification", {
      bucket: "things",
      lambdaFunctions: [
        { lambdaFunctionArn: functionArn, events: ["s3:ObjectCreated:*"], filterPrefix: "in/", filterSuffix: ".csv" },
      ],
      queues: [{ queueArn, events: ["s3:ObjectRemoved:Delete"] }],
    }),
  ];
  return new GraphIndex({ project: "p", stack: "s", resources, outputs: {} });
}

const created = (key: string): ObjectChange => ({
  ...{ bucket: "things", region, key, name: "ObjectCreated:Put" },
  stored: { bytes: 3, etag: '"abc"', versionId: "v1" },
});

describe("notifications of buckets", () => {
  let messaging: Messaging;
  const lines: string[] = [];
  const events: any[] = [];
  let failures = 0;

  const start = (permission: object = { sourceArn: "arn:aws:s3:::things" }) => {
    messaging = new Messaging(planOf(permission), {
      ...{ access: operatorOnly, time: new TimeScale(1_000), ...noStore },
      sessionOf: (arn) => ({
        caller: { kind: "session", arn, role: arn, account },
        identity: [],
      }),
      log: (source, line) => lines.push(`${source}: ${line}`),
    });
    messaging.start("http://127.0.0.1:1", {
      invoke: async (_, event) => {
        events.push(event);
        if (failures-- > 0) throw new Error("no");
      },
    });
  };
  beforeEach(() => {
    lines.length = events.length = failures = 0;
  });
  afterEach(() => messaging.stop());

  it("start functions with objects of a prefix and suffix, in the event that S3 sends", async () => {
    start();
    for (const key of ["in/a b.csv", "in/a.txt", "out/a.csv"]) messaging.notifications.tell(created(key));
    await until("the event", () => events.length > 0);
    assert.equal(events.length, 1);
    const [record] = events[0].Records;
    assert.deepEqual(record.s3.bucket, {
      ...{ name: "things", arn: "arn:aws:s3:::things", ownerIdentity: { principalId: "LOCAL" } },
    });
    const { sequencer, ...object } = record.s3.object;
    assert.deepEqual(object, { key: "in/a+b.csv", size: 3, eTag: "abc", versionId: "v1" });
    assert.match(sequencer, /^[0-9A-F]{18}$/);
    assert.deepEqual([record.eventName, record.eventVersion, record.awsRegion], ["ObjectCreated:Put", "2.1", region]);
  });

  it("tell queues of deletions, and functions nothing of these", async () => {
    start();
    messaging.notifications.tell({ bucket: "things", region, key: "in/a.csv", name: "ObjectRemoved:Delete" });
    const [message] = await messaging.queues.at(queueArn)!.receive({ most: 1, waitSeconds: 5 });
    assert.equal(JSON.parse(message!.body).Records[0].s3.object.key, "in/a.csv");
    assert.deepEqual(events, []);
  });

  it("are repeated after a failure twice, as Lambda does", async () => {
    start();
    failures = 2;
    messaging.notifications.tell(created("in/a.csv"));
    await until("the third attempt", () => events.length === 3);
    assert.equal(lines.filter((line) => /gets its event again in (60|120) s: no$/.test(line)).length, 2);
  });

  it("do not reach a function that does not let the bucket in, and the log says why", async () => {
    start({ sourceArn: "arn:aws:s3:::another" });
    messaging.notifications.tell(created("in/a.csv"));
    await until("the refusal", () => lines.length > 0);
    assert.match(
      lines[0]!,
      /was not told of things\/in\/a.csv: .*s3.amazonaws.com is not authorized to perform: lambda:InvokeFunction/,
    );
    assert.deepEqual(events, []);
  });

  it("end in the log when they failed for good and the function's role may not send to its dead letter queue", async () => {
    start();
    failures = 3;
    messaging.notifications.tell(created("in/a.csv"));
    await until("the end", () => lines.some((line) => /an event that failed for good is lost/.test(line)));
    assert.match(lines.at(-1)!, /role\/reader is not authorized to perform: sqs:SendMessage/);
  });
});
