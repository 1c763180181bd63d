import type { Rule } from "../../pack/rule";

/** Rules for Secrets Manager. */
export const secretsmanagerRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "secret-rotation",
    types: ["aws:secretsmanager/secret:Secret"],
    description: "A secret is replaced regularly.",
    rationale: "A secret that leaks can otherwise be used until the leak is noticed.",
    fix: "add an aws.secretsmanager.SecretRotation",
    severity: "low",
    level: "advisory",
    ids: { securityHub: ["SecretsManager.1"], cdkNag: ["AwsSolutions-SMG4"], checkov: ["CKV2_AWS_57"] },
    check(secret, { stack, report }) {
      if (stack.referrers(secret, "aws:secretsmanager/secretRotation:SecretRotation", "secretId").length === 0)
        report(secret, "must rotate, got no rotation");
    },
  },
];
