import type { Rule } from "../../pack/rule";
import { text } from "../../stack/read";

/** Names of secrets that sign in to a database, which AWS can rotate. Tokens of other providers have to be changed there. */
const database =
  /(^|[^a-z])(db|rds|database|aurora|postgres(ql)?|mysql|mariadb|oracle|sqlserver|redshift|docdb|mongo(db)?)([^a-z]|$)/i;

/** Rules for Secrets Manager. */
export const secretsmanagerRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "secret-rotation",
    types: ["aws:secretsmanager/secret:Secret"],
    description: "The password of a database is replaced regularly.",
    rationale: "A password that leaks can otherwise be used until the leak is noticed.",
    fix: "add an aws.secretsmanager.SecretRotation, or let RDS manage the password",
    severity: "low",
    level: "advisory",
    ids: { securityHub: ["SecretsManager.1"], cdkNag: ["AwsSolutions-SMG4"], checkov: ["CKV2_AWS_57"] },
    check(secret, { stack, report }) {
      const words = [secret.name, text(secret.props["name"]), text(secret.props["description"])];
      if (!words.some((one) => database.test(one))) return;
      if (stack.referrers(secret, "aws:secretsmanager/secretRotation:SecretRotation", "secretId").length === 0)
        report(secret, "must be rotated, got no rotation for it");
    },
  },
];
