import type { StackRule } from "../../core/rule";

export const secretRotation: StackRule = {
  scope: "stack",
  name: "secret-rotation",
  types: ["aws:secretsmanager/secret:Secret"],
  holds: "Secrets rotate.",
  why: "A leaked one works until somebody notices.",
  mend: "add an aws.secretsmanager.SecretRotation",
  severity: "medium",
  level: "advisory",
  ids: { F: ["SecretsManager.1"], N: ["SMG4"], K: ["g57"] },
  check(secret, { stack, report }) {
    if (stack.referrers(secret, "aws:secretsmanager/secretRotation:SecretRotation", "secretId").length === 0)
      report(secret, "must rotate, got no rotation");
  },
};
