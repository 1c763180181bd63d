import { type Refusal, refused } from "../refusal";

const siteBuckets = ["web-*-bucket", "*-web-bucket"];
const buckets = ["balancer-logs-bucket", "artifacts-bucket", "*-objects-bucket", ...siteBuckets];
const logGroups = ["*-logs", "http-access", "private-access", "private-execution", "network-flow-logs-group"];

export const state: readonly Refusal[] = [
  refused({
    rules: ["CloudWatchLogGroupEncrypted", "CT.CLOUDWATCH.PR.3"],
    resources: logGroups,
    wants: "Log groups under a customer key.",
    why: "CloudWatch encrypts them with its own. A customer key adds a service that every log line depends on; set one where an auditor asks.",
  }),
  refused({
    rules: ["CT.CLOUDWATCH.PR.2"],
    resources: logGroups,
    wants: "Logs kept for a year or more.",
    why: "Retention is a setting of the environment: 90 days in prod. Audit trails belong to CloudTrail, not here.",
  }),
  refused({
    rules: ["S1", "S3BucketLoggingEnabled", "CT.S3.PR.2"],
    resources: buckets,
    wants: "Access logs of every bucket.",
    why: "One bucket has logs itself, the others artifacts and objects that only roles of the platform read, as CloudTrail records, and the web app's files, whose requests CloudFront logs.",
  }),
  refused({
    rules: ["S3BucketReplicationEnabled"],
    resources: buckets,
    wants: "A copy of every bucket in another region.",
    why: "Each region makes its own artifacts from the same source, and has the web app's files from the same deployment. What a service keeps in its bucket is of one region (docs/adr/0018).",
  }),
  refused({
    rules: ["S3DefaultEncryptionKMS", "CT.S3.PR.10"],
    resources: buckets,
    wants: "Buckets under a KMS key.",
    why: "Balancers cannot write logs to a bucket under a KMS key; artifacts and the web app have no secrets. S3 encrypts all of them.",
  }),
  refused({
    rules: ["CT.S3.PR.4"],
    resources: ["balancer-logs-bucket", "artifacts-bucket", ...siteBuckets],
    wants: "Event notifications of every bucket.",
    why: "Nothing listens for them.",
  }),
  refused({
    rules: ["CT.S3.PR.9"],
    resources: buckets,
    wants: "Object Lock on every bucket.",
    why: "Objects expire; artifacts and the web app can be made anew from their source. Versioning undoes an overwrite.",
  }),
  refused({
    rules: ["SQS3", "SQSRedrivePolicy", "CT.SQS.PR.1"],
    resources: ["*-failed"],
    wants: "A dead-letter queue.",
    why: "It is the queue of events or messages that failed; nothing takes from it but people.",
  }),
  refused({
    rules: ["CT.KMS.PR.3"],
    resources: [
      "alarms-key",
      "gateway-alarms-key",
      "identity-messages-alarms-key",
      "messaging-key",
      "*-web-alarms-key",
    ],
    wants: "A statement that lets only AWS services make grants.",
    why: "Only the account's administrators may use the key otherwise, and they could drop the statement.",
  }),
  refused({
    rules: ["SNSRedrivePolicy"],
    resources: ["alarms-email-*", "gateway-alarms-email-*", "identity-messages-alarms-email-*", "*-web-alarms-email-*"],
    wants: "A dead-letter queue per subscription.",
    why: "A mail that is not delivered is not read from a queue either; the alarm itself stays on.",
  }),
  refused({
    rules: ["DynamoDBInBackupPlan"],
    resources: ["data-*"],
    only: "dev",
    wants: "Tables in a backup plan.",
    why: "Point-in-time recovery is on and finer than a plan. (The rule does not see the global tables of prod.)",
  }),
  refused({
    rules: ["ELBDeletionProtectionEnabled", "CT.ELASTICLOADBALANCING.PR.5"],
    resources: ["balancer-alb"],
    only: "dev",
    wants: "Protection against deletion.",
    why: "On in prod; dev is deleted and made anew by those who work on it.",
  }),
];
