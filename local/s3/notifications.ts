import { randomUUID } from "node:crypto";
import type { GraphIndex } from "../../graph/model";
import type { LogSink } from "../processes/lines";

/** What has happened to an object. */
export interface ObjectChange {
  readonly bucket: string;
  readonly region: string;
  readonly key: string;
  /** @example "ObjectCreated:Put" */
  readonly name: string;
  /** Of an object that was stored. */
  readonly stored?: { readonly bytes: number; readonly etag: string; readonly versionId: string };
}

/** Where notifications go, each if its own policy lets S3 in. */
export interface NotificationTargets {
  /** @throws {Error} */
  invoke(functionArn: string, bucketArn: string, event: object): Promise<void>;
  /** @throws {Error} */
  send(queueArn: string, bucketArn: string, text: string): void;
  /** @throws {Error} */
  publish(topicArn: string, bucketArn: string, text: string): Promise<void>;
  readonly log: LogSink;
}

interface Rule {
  readonly id: string;
  readonly arn: string;
  readonly kind: "function" | "queue" | "topic";
  takes(change: ObjectChange): boolean;
}

/** Lists of a planned notification: property, kind, and property of the ARN. */
const lists = [
  ["lambdaFunctions", "function", "lambdaFunctionArn"],
  ["queues", "queue", "queueArn"],
  ["topics", "topic", "topicArn"],
] as const;

/** Tells functions, queues and topics what happens to objects of planned buckets, as their notifications ask for it. */
export class BucketNotifications {
  private readonly rules = new Map<string, readonly Rule[]>();
  private count = 0;

  constructor(
    index: GraphIndex,
    private readonly targets: NotificationTargets,
  ) {
    for (const { outputs } of index.ofType("aws:s3/bucketNotification:BucketNotification")) {
      this.rules.set(outputs["bucket"], rulesOf(outputs));
    }
  }

  /** Tells of a change. */
  tell(change: ObjectChange): void {
    for (const rule of this.rules.get(change.bucket) ?? []) {
      if (rule.takes(change)) void this.send(rule, change);
    }
  }

  private async send({ kind, arn, id }: Rule, change: ObjectChange): Promise<void> {
    const { targets } = this;
    this.count += 1;
    const event = { Records: [recordOf(change, id, this.count)] };
    const bucketArn = `arn:aws:s3:::${change.bucket}`;
    try {
      if (kind === "function") await targets.invoke(arn, bucketArn, event);
      else if (kind === "queue") targets.send(arn, bucketArn, JSON.stringify(event));
      else await targets.publish(arn, bucketArn, JSON.stringify(event));
    } catch (error) {
      targets.log("s3", `${arn} was not told of ${change.bucket}/${change.key}: ${(error as Error).message}`);
    }
  }
}

function rulesOf(outputs: Readonly<Record<string, any>>): Rule[] {
  return lists.flatMap(([property, kind, arn]) =>
    (outputs[property] ?? []).map((each: any, at: number): Rule => {
      const { events = [], filterPrefix = "", filterSuffix = "", id = `${kind}-${at}` } = each;
      const names: readonly string[] = events.map((event: string) => event.replace(/^s3:/, ""));
      return {
        ...{ id, kind, arn: each[arn] },
        takes: ({ name, key }) =>
          names.some((pattern) => (pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : pattern === name)) &&
          key.startsWith(filterPrefix) &&
          key.endsWith(filterSuffix),
      };
    }),
  );
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
function recordOf({ bucket, region, key, name, stored }: ObjectChange, configurationId: string, count: number): object {
  const principalId = "LOCAL";
  const object = {
    key: encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/"),
    ...(stored && { size: stored.bytes, eTag: stored.etag.replaceAll('"', ""), versionId: stored.versionId }),
    sequencer: count.toString(16).toUpperCase().padStart(18, "0"),
  };
  return {
    ...{ eventVersion: "2.1", eventSource: "aws:s3", awsRegion: region, eventTime: new Date().toISOString() },
    ...{ eventName: name, userIdentity: { principalId }, requestParameters: { sourceIPAddress: "127.0.0.1" } },
    responseElements: { "x-amz-request-id": randomUUID(), "x-amz-id-2": randomUUID() },
    s3: {
      ...{ s3SchemaVersion: "1.0", configurationId },
      bucket: { name: bucket, ownerIdentity: { principalId }, arn: `arn:aws:s3:::${bucket}` },
      object,
    },
  };
}
