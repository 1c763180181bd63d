import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { peek } from "../../core/unknown";

export const logGroupKey: ResourceRule = {
  scope: "resource",
  name: "log-group-key",
  types: [T.logGroup],
  holds: "Logs are encrypted with a key whose use can be seen and refused.",
  why: "CloudWatch's own key cannot be taken away from anybody.",
  mend: "set kmsKeyId",
  severity: "low",
  level: "advisory",
  ids: { K: ["158"] },
  url: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
  check(group, { report }) {
    const key = peek(() => group.props["kmsKeyId"]);
    if (key === undefined || key === "") report(group, "must be encrypted with a KMS key, got none");
  },
};
