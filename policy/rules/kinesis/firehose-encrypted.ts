import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";

export const firehoseEncrypted: ResourceRule = {
  scope: "resource",
  name: "firehose-encrypted",
  types: ["aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"],
  holds: "A delivery stream is encrypted.",
  why: "It keeps logs for a day when their destination is down.",
  mend: "set serverSideEncryption.enabled to true",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["DataFirehose.1"], N: ["KDF1"], K: ["240", "241"] },
  check(stream, context) {
    if (stream.props["kinesisSourceConfiguration"] !== undefined) return; // the source's encryption holds
    requireTrue(stream, context, "serverSideEncryption.enabled", "be encrypted");
  },
};
