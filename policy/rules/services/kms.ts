import { requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { isPublic, statements } from "../../stack/iam";
import { eventTypes } from "../../stack/invocations";
import { number, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import { refusedSenders, sendersTo } from "../../stack/senders";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";

const KEY = "aws:kms/key:Key";
const keyPolicy = "aws:kms/keyPolicy:KeyPolicy";
const keyTypes = [KEY, "aws:kms/replicaKey:ReplicaKey"];
/** What AWS waits before it deletes a key, where nothing is set: the longest time that it accepts. */
const LONGEST_WINDOW_DAYS = 30;

/** Returns the first table that a key encrypts, in its own region or in that of a replica. */
function tableOf(key: Resource, stack: Stack): Resource | undefined {
  return [
    ...stack.referrers(key, T.table, "serverSideEncryption"),
    ...stack.referrers(key, T.table, "replicas"),
    ...stack.referrers(key, "aws:dynamodb/tableReplica:TableReplica", "kmsKeyArn"),
  ][0];
}

/** Rules for KMS. */
export const kmsRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "key-for-senders",
    types: keyTypes,
    description: "The policy of a key lets AWS services use it that send to the queues and topics it encrypts.",
    rationale: "An AWS service that may not use the key cannot send: alarms, events and uploads arrive nowhere.",
    fix: "allow the AWS service kms:Decrypt and kms:GenerateDataKey* in the key's policy",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html#compatibility-with-aws-services",
    check(key, { stack, report }) {
      const names = [key, ...stack.referrers(key, "aws:kms/alias:Alias", "targetKeyId")];
      const encrypted = [eventTypes.queue, eventTypes.topic].flatMap((type) =>
        names.flatMap((name) => stack.referrers(name, type, "kmsMasterKeyId")),
      );
      const senders = encrypted.flatMap((receiver) =>
        sendersTo(receiver, stack).map((sender) => ({ ...sender, receiver })),
      );
      const admission = { actions: ["kms:Decrypt", "kms:GenerateDataKey"], policyType: keyPolicy, property: "keyId" };
      for (const { awsService, resource, receiver } of refusedSenders(key, senders, admission, stack))
        report(
          key,
          `must let ${awsService} use it, by which ${resource} sends to ${receiver}, got no statement that does`,
          `add a statement to its policy that allows ${awsService} kms:Decrypt and kms:GenerateDataKey*`,
        );
    },
  },
  {
    scope: "resource",
    name: "key-not-public",
    types: [KEY, keyPolicy],
    description: "The policy of a key names who may use the key.",
    rationale: "Any AWS account could otherwise decrypt what the key protects.",
    fix: "name the principals, or narrow the statement by a condition on kms:CallerAccount",
    severity: "critical",
    level: "mandatory",
    ids: { securityHub: ["KMS.5"], checkov: ["CKV_AWS_33"] },
    check(key, { report }) {
      if (statements(key.props["policy"]).some(isPublic))
        report(key, 'must name who may use it in its policy, got Principal "*" without a condition');
    },
  },
  {
    scope: "resource",
    name: "key-rotation",
    types: [KEY],
    description: "AWS replaces the material of a key every year.",
    rationale: "Material that leaks otherwise decrypts everything that the key has ever encrypted.",
    fix: "set enableKeyRotation to true",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["KMS.4"], cdkNag: ["AwsSolutions-KMS5"], checkov: ["CKV_AWS_7"] },
    check(key, context) {
      const spec = text(key.props["customerMasterKeySpec"] ?? "") || "SYMMETRIC_DEFAULT";
      // AWS cannot rotate keys that are asymmetric, for HMAC, or in a store outside KMS.
      if (spec !== "SYMMETRIC_DEFAULT" || key.props["customKeyStoreId"] !== undefined) return;
      requireTrue(key, context, "enableKeyRotation", "be rotated every year");
    },
  },
  {
    scope: "stack",
    name: "table-key-protected",
    types: keyTypes,
    description: "A deployment cannot delete the key of a table.",
    rationale:
      "A table whose key is gone answers no request; after seven days DynamoDB archives it to a backup, and after the key's deletion nothing decrypts either.",
    fix: "set the protect option on the key and on each replica key",
    severity: "high",
    level: "production",
    ids: {},
    url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html",
    check(key, { stack, report }) {
      if (key.protect) return;
      const table = tableOf(key, stack);
      if (table)
        report(
          key,
          `must be protected from deletion, as it encrypts ${table}, got no protect option`,
          "set the protect option",
        );
    },
  },
  {
    scope: "stack",
    name: "table-key-window",
    types: keyTypes,
    description: "AWS waits 30 days before it deletes the key of a table.",
    rationale: "Until then the deletion can be cancelled; a shorter time may pass before an operator notices it.",
    fix: "set deletionWindowInDays to 30, or leave it out",
    severity: "low",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html",
    check(key, { stack, report }) {
      const table = tableOf(key, stack);
      if (table === undefined) return;
      const days = number(key.props["deletionWindowInDays"]) ?? LONGEST_WINDOW_DAYS;
      if (days < LONGEST_WINDOW_DAYS)
        report(
          key,
          `must wait 30 days for its deletion, as it encrypts ${table}, got deletionWindowInDays ${days}`,
          "set deletionWindowInDays to 30",
        );
    },
  },
];
