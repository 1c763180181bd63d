import { requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { at, blocks, isTrue, show, text } from "../../stack/read";
import { T } from "../../stack/types";

/** Rules for DynamoDB. */
export const dynamodbRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "table-capacity",
    types: [T.table],
    description: "A table's capacity follows its load.",
    rationale: "A fixed one is paid for at night and throttles at noon.",
    fix: "set billingMode to PAY_PER_REQUEST, or add autoscaling",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["DynamoDB.1"], checkov: ["CKV2_AWS_16"] },
    check(table, { stack, report }) {
      if (table.props["billingMode"] === "PAY_PER_REQUEST") return;
      if (stack.referrers(table, T.scalingTarget, "resourceId").length === 0)
        report(
          table,
          `must scale with its load, got billingMode ${show(table.props["billingMode"])} without autoscaling`,
        );
    },
  },
  {
    scope: "resource",
    name: "table-customer-key",
    types: [T.table],
    description: "A table is encrypted with a key whose use can be seen and refused.",
    rationale: "AWS's own key cannot be taken away from anybody.",
    fix: "set serverSideEncryption with enabled true",
    severity: "medium",
    level: "advisory",
    ids: { checkov: ["CKV_AWS_119"] },
    url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html",
    check(table, context) {
      requireTrue(table, context, "serverSideEncryption.enabled", "be encrypted with a KMS key");
    },
  },
  {
    scope: "resource",
    name: "table-deletion-protection",
    types: [T.table],
    description: "Neither a table nor a replica can be deleted by mistake.",
    rationale: "A restored table has another name, and every service must be told.",
    fix: "set deletionProtectionEnabled on the table and on each replica",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["DynamoDB.6"] },
    check(table, context) {
      requireTrue(table, context, "deletionProtectionEnabled", "be protected against deletion");
      for (const replica of blocks(table.props["replicas"])) {
        const on = replica["deletionProtectionEnabled"];
        if (!isTrue(on))
          context.report(
            table,
            `must be protected against deletion in ${text(replica["regionName"])}, got ${show(on)}`,
          );
      }
    },
  },
  {
    scope: "resource",
    name: "table-recovery",
    types: [T.table],
    description: "A table and each of its replicas can be restored to any second.",
    rationale: "Replicas copy a wrong delete within a second; only recovery undoes it.",
    fix: "set pointInTimeRecovery on the table and on each replica",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["DynamoDB.2"], cdkNag: ["AwsSolutions-DDB3"], checkov: ["CKV_AWS_28"] },
    check(table, { report }) {
      if (!isTrue(at(table.props, "pointInTimeRecovery.enabled")))
        report(table, `must have point-in-time recovery, got ${show(table.props["pointInTimeRecovery"])}`);
      for (const replica of blocks(table.props["replicas"])) {
        if (!isTrue(replica["pointInTimeRecovery"]))
          report(
            table,
            `must have point-in-time recovery in ${text(replica["regionName"])}, got ${show(replica["pointInTimeRecovery"])}`,
          );
      }
    },
  },
];
