import { requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";

/** Rules for Data Firehose. */
export const firehoseRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "firehose-encrypted",
    types: ["aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"],
    description: "A delivery stream is encrypted.",
    rationale: "It keeps logs for a day when their destination is down.",
    fix: "set serverSideEncryption.enabled to true",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["DataFirehose.1"], cdkNag: ["AwsSolutions-KDF1"], checkov: ["CKV_AWS_240", "CKV_AWS_241"] },
    check(stream, context) {
      if (stream.props["kinesisSourceConfiguration"] !== undefined) return; // the source's encryption holds
      requireTrue(stream, context, "serverSideEncryption.enabled", "be encrypted");
    },
  },
];
