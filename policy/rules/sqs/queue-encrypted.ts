import type { ResourceRule } from "../../core/rule";
import { peek } from "../../core/unknown";

export const queueEncrypted: ResourceRule = {
  scope: "resource",
  name: "queue-encrypted",
  types: ["aws:sqs/queue:Queue"],
  holds: "Queues are encrypted.",
  why: "Messages wait on disk.",
  mend: "set sqsManagedSseEnabled to true, or kmsMasterKeyId",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["SQS.1"], N: ["SQS2"], K: ["27"] },
  check(queue, { report }) {
    const { sqsManagedSseEnabled } = queue.props;
    const key = peek(() => queue.props["kmsMasterKeyId"]);
    const off = sqsManagedSseEnabled === false || sqsManagedSseEnabled === "false";
    // SQS encrypts new queues with its own key unless told not to.
    if (off && (key === undefined || key === "")) report(queue, "must be encrypted, got sqsManagedSseEnabled false");
  },
};
