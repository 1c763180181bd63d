import type { Draft } from "../helpers";
import { type Default, operated, redundant } from "./default";

const repository = (inputs: object = {}) => ["aws:ecr/repository:Repository", inputs] as const;
const bucket: Draft = { files: ["aws:s3/bucket:Bucket"] };
const trail: Draft = { trail: ["aws:cloudtrail/trail:Trail"] };
const database = (inputs: object = {}): Draft => ({ orders: ["aws:rds/instance:Instance", inputs] });
const other = (inputs: object): Draft => ({ other: ["aws:rds/instance:Instance", inputs] });
const table = (inputs: object = {}) =>
  ["aws:dynamodb/table:Table", { billingMode: "PAY_PER_REQUEST", ...inputs }] as const;
const cluster = (zones: readonly string[]): Draft => ({
  ...operated,
  ...redundant,
  orders: ["aws:rds/cluster:Cluster", {}],
  ...Object.fromEntries(
    zones.map((availabilityZone, i): [string, Draft[string]] => [
      `node${i}`,
      ["aws:rds/clusterInstance:ClusterInstance", { clusterIdentifier: "@{orders}", availabilityZone }],
    ]),
  ),
});
const domain = (clusterConfig: object): Draft => ({
  ...operated,
  ...redundant,
  find: ["aws:opensearch/domain:Domain", { clusterConfig }],
});
const searchFor = (principal: string): Draft => ({
  find: [
    "aws:opensearch/domain:Domain",
    {
      accessPolicies: {
        Statement: [{ Effect: "Allow", Principal: { AWS: principal }, Action: "es:*", Resource: "*" }],
      },
    },
  ],
});
const cache = (inputs: object = {}) => ["aws:elasticache/replicationGroup:ReplicationGroup", inputs] as const;
const queue = (inputs: object = {}) => ["aws:sqs/queue:Queue", inputs] as const;
const consumed: Draft = {
  jobs: queue(),
  work: ["aws:lambda/function:Function", {}],
  reads: [
    "aws:lambda/eventSourceMapping:EventSourceMapping",
    { eventSourceArn: "@{jobs.arn}", functionName: "@{work}" },
  ],
};
const slow = (visibilityTimeoutSeconds: number): Draft => ({
  ...consumed,
  jobs: queue({ visibilityTimeoutSeconds }),
  work: ["aws:lambda/function:Function", { timeout: 20 }],
});
const target = (rule: object, inputs: object = {}): Draft => ({
  when: ["aws:cloudwatch/eventRule:EventRule", rule],
  told: [
    "aws:cloudwatch/eventTarget:EventTarget",
    { rule: "@{when}", arn: "arn:aws:ecs:eu-west-1:1:cluster/c", ...inputs },
  ],
});
const keeps: Draft = {
  kept: [
    "aws:cloudwatch/eventTarget:EventTarget",
    { rule: "other", arn: "x", deadLetterConfig: { arn: "arn:aws:sqs:x" } },
  ],
};
const subscription = (inputs: object = {}) =>
  ["aws:sns/topicSubscription:TopicSubscription", { protocol: "sqs", ...inputs }] as const;
const called: Draft = {
  work: ["aws:lambda/function:Function", {}],
  may: ["aws:lambda/permission:Permission", { function: "@{work}", principal: "sns.amazonaws.com", sourceArn: "x" }],
};

/** Of rules on what keeps data, images and messages. */
export const dataDefaults: Readonly<Record<string, Default>> = {
  "tags that move": {
    rule: "repository-immutable",
    low: { images: repository(), ...operated },
    reported: {
      "one repository of two that moves tags": {
        images: repository(),
        other: repository({ imageTagMutability: "IMMUTABLE" }),
      },
    },
  },
  "images that nothing scans": {
    rule: "repository-scan",
    low: { images: repository(), ...operated },
    reported: {
      "one repository of two that does not scan": {
        images: repository(),
        other: repository({ imageScanningConfiguration: { scanOnPush: true } }),
      },
    },
  },
  "images that may be deleted": {
    rule: "stateful-protected",
    low: { images: repository({ forceDelete: true }), ...operated },
    reported: {
      "objects that may be deleted": { files: ["aws:s3/bucket:Bucket", { forceDestroy: true }], ...operated },
    },
  },
  "a bucket without a policy": {
    rule: "bucket-tls",
    low: { ...bucket, ...operated },
    reported: {
      "a bucket of an account with a trail": { ...bucket, ...trail },
      "one bucket of two": {
        ...bucket,
        secret: ["aws:s3/bucket:Bucket"],
        refuses: [
          "aws:s3/bucketPolicy:BucketPolicy",
          {
            bucket: "@{secret}",
            policy: {
              Statement: [
                {
                  Effect: "Deny",
                  Principal: "*",
                  Action: "s3:*",
                  Resource: "*",
                  Condition: { Bool: { "aws:SecureTransport": "false" } },
                },
              ],
            },
          },
        ],
      },
    },
  },
  "a database of a demo": {
    rule: "database-backup",
    low: database({ skipFinalSnapshot: true }),
    reported: {
      "a database that people operate": { ...database(), ...operated },
      "one database of two": { ...database(), ...other({ backupRetentionPeriod: 14 }) },
      "a database with a final snapshot": database({ finalSnapshotIdentifier: "last" }),
    },
  },
  "a database that a demo deletes": {
    rule: "database-final-snapshot",
    low: database({ skipFinalSnapshot: true }),
    reported: {
      "a database with a standby that is deleted": database({ skipFinalSnapshot: true, multiAz: true }),
    },
  },
  "a database that Pulumi protects": {
    rule: "database-deletion-protection",
    low: { orders: ["aws:rds/instance:Instance", { finalSnapshotIdentifier: "last" }, { protect: true }] },
    reported: {
      "a protected database without a last snapshot": {
        orders: ["aws:rds/instance:Instance", { skipFinalSnapshot: true }, { protect: true }],
      },
    },
  },
  "a table of a demo": {
    rule: "table-recovery",
    low: { counts: table() },
    reported: {
      "a table that people operate": { counts: table(), ...operated },
      "one table of two": { counts: table(), other: table({ pointInTimeRecovery: { enabled: true } }) },
    },
  },
  "two instances in one zone": {
    rule: "aurora-instances",
    low: cluster(["eu-west-1a", "eu-west-1a"]),
    reported: { "one instance": cluster(["eu-west-1a"]) },
  },
  "a search domain in two zones": {
    rule: "search-off-path",
    low: domain({ zoneAwarenessEnabled: true }),
    reported: { "a search domain in one zone": domain({}) },
  },
  "a search domain of one node": { rule: "domain-nodes", low: domain({ instanceCount: 1 }) },
  "a search domain for one account": {
    rule: "domain-in-vpc",
    low: searchFor("arn:aws:iam::123456789012:root"),
    reported: { "a search domain for everyone": searchFor("*") },
  },
  "a cache without snapshots": {
    rule: "cache-snapshots",
    low: { sessions: cache(), ...operated },
    reported: { "one cache of two": { sessions: cache(), other: cache({ snapshotRetentionLimit: 7 }) } },
  },
  "a cache that is updated by hand": {
    rule: "cache-updates",
    low: { sessions: cache({ autoMinorVersionUpgrade: false, subnetGroupName: "own" }), ...operated },
  },
  "a queue that a demo reads": {
    rule: "queue-dead-letters",
    low: consumed,
    reported: {
      "a queue that people operate": { ...consumed, ...operated },
      "one queue of two": { ...consumed, other: queue({ redrivePolicy: '{"deadLetterTargetArn":"x"}' }) },
    },
  },
  "a queue that hides messages for some of the time": {
    rule: "queue-visibility",
    low: slow(60),
    reported: { "a queue that shows them while the function runs": slow(10) },
  },
  "a function that handles a batch as one": {
    rule: "mapping-partial-batch",
    low: { ...consumed, ...operated },
    reported: {
      "one mapping of two": {
        ...consumed,
        reports: [
          "aws:lambda/eventSourceMapping:EventSourceMapping",
          { eventSourceArn: "x", functionName: "y", functionResponseTypes: ["ReportBatchItemFailures"] },
        ],
      },
    },
  },
  "a schedule that comes again": {
    rule: "event-dead-letters",
    low: { ...target({ scheduleExpression: "rate(1 hour)" }), ...keeps },
    reported: { "an event where others are kept": { ...target({ eventPattern: "{}" }), ...keeps } },
  },
  "an event that may be lost": { rule: "event-dead-letters", low: { ...target({ eventPattern: "{}" }), ...operated } },
  "a subscription of a queue": {
    rule: "subscription-dead-letters",
    low: { hears: subscription(), ...operated },
    reported: { "one subscription of two": { hears: subscription(), other: subscription({ redrivePolicy: "{}" }) } },
  },
  "a function that a topic calls": {
    rule: "function-failure-destination",
    low: { ...called, ...operated },
    reported: {
      "one function of two": {
        ...called,
        other: ["aws:lambda/function:Function", { deadLetterConfig: { targetArn: "arn:aws:sqs:x" } }],
      },
    },
  },
};
