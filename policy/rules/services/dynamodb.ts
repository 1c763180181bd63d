import { examples } from "../../network/examples";
import { requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { at, blocks, isTrue, show, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";

/** Rules for DynamoDB. */
export const dynamodbRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "table-capacity",
    types: [T.table],
    description: "A table is billed by request, or scales its capacity with its load.",
    rationale: "A fixed capacity is paid for when no request comes, and refuses requests at the peak.",
    fix: "set billingMode to PAY_PER_REQUEST, or add autoscaling",
    severity: "medium",
    level: "production",
    lowUnless: ["operated"],
    ids: { securityHub: ["DynamoDB.1"], checkov: ["CKV2_AWS_16"] },
    check(table, { stack, report }) {
      if (table.props["billingMode"] === "PAY_PER_REQUEST") return;
      if (stack.referrers(table, T.scalingTarget, "resourceId").length === 0)
        report(
          table,
          `must scale with its load, got billingMode ${show(table.props["billingMode"])} without autoscaling`,
          "set billingMode to PAY_PER_REQUEST, or add an aws.appautoscaling.Target for its capacity",
        );
    },
  },
  {
    scope: "stack",
    name: "table-customer-key",
    types: [T.table],
    description: "Where a program encrypts a table with a KMS key, it encrypts every table with one.",
    rationale:
      "The owner has decided that tables need a key whose use is recorded and can be refused; a table was left out.",
    fix: "set serverSideEncryption with enabled true",
    severity: "medium",
    level: "advisory",
    ids: { checkov: ["CKV_AWS_119"] },
    url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html",
    check(table, { stack, report }) {
      const isKeyed = ({ props }: Resource) => isTrue(at(props, "serverSideEncryption.enabled"));
      if (isKeyed(table)) return;
      const some = stack.memo("a table with a key", () =>
        stack.of(T.table).some((one) => peek(() => isKeyed(one)) === true),
      );
      const got = show(at(table.props, "serverSideEncryption.enabled"));
      if (some)
        report(
          table,
          `must be encrypted with a KMS key, as other tables are, got serverSideEncryption.enabled ${got}`,
          "set serverSideEncryption.enabled to true",
        );
    },
  },
  {
    scope: "stack",
    name: "table-deletion-protection",
    types: [T.table],
    description: "A table and each of its replicas are protected against deletion.",
    rationale:
      "A table that was deleted by mistake can only be restored under another name, which every service has to learn.",
    fix: "set deletionProtectionEnabled on the table and on each replica",
    severity: "medium",
    level: "production",
    lowUnless: ["operated"],
    ids: { securityHub: ["DynamoDB.6"] },
    check(table, context) {
      requireTrue(table, context, "deletionProtectionEnabled", "be protected against deletion");
      for (const [i, replica] of blocks(table.props["replicas"]).entries()) {
        const on = replica["deletionProtectionEnabled"];
        if (!isTrue(on))
          context.report(
            table,
            `must be protected against deletion in ${text(replica["regionName"])}, got ${show(on)}`,
            `set replicas.${i}.deletionProtectionEnabled to true`,
          );
      }
    },
  },
  {
    scope: "resource",
    name: "table-expiry",
    types: [T.table],
    description: "A table that names the attribute of expiry deletes items by it, and the attribute is a number.",
    rationale: "DynamoDB otherwise keeps every item without a word, and the table grows for ever.",
    fix: "set ttl.enabled to true, and write the time as a number of seconds",
    severity: "medium",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html",
    check(table, { report }) {
      const attribute = text(at(table.props, "ttl.attributeName"));
      const enabled = at(table.props, "ttl.enabled");
      if (attribute === "" && !isTrue(enabled)) return;
      if (attribute === "")
        return report(
          table,
          "must name the attribute of expiry, got no ttl.attributeName",
          "set ttl.attributeName to the attribute that has the time",
        );
      if (!isTrue(enabled))
        return report(
          table,
          `must delete items by attribute ${attribute}, got ttl.enabled ${show(enabled)}`,
          "set ttl.enabled to true",
        );
      const declared = blocks(table.props["attributes"]).find(({ name }) => name === attribute);
      if (declared !== undefined && declared["type"] !== "N")
        report(
          table,
          `must have a number as attribute of expiry, got ${attribute} of type ${show(declared["type"])}`,
          "name another attribute in ttl.attributeName, which is written as a number of seconds",
        );
    },
  },
  {
    scope: "stack",
    name: "table-recovery",
    types: [T.table],
    description: "A table and each of its replicas have point-in-time recovery.",
    rationale: "Replicas copy a wrong delete within a second; only a restore undoes it.",
    fix: "set pointInTimeRecovery on the table and on each replica",
    severity: "medium",
    level: "production",
    lowUnless: ["operated"],
    example: examples.keptTable,
    ids: { securityHub: ["DynamoDB.2"], cdkNag: ["AwsSolutions-DDB3"], checkov: ["CKV_AWS_28"] },
    check(table, { report }) {
      if (!isTrue(at(table.props, "pointInTimeRecovery.enabled")))
        report(
          table,
          `must have point-in-time recovery, got ${show(table.props["pointInTimeRecovery"])}`,
          "set pointInTimeRecovery.enabled to true",
        );
      for (const [i, replica] of blocks(table.props["replicas"]).entries()) {
        if (!isTrue(replica["pointInTimeRecovery"]))
          report(
            table,
            `must have point-in-time recovery in ${text(replica["regionName"])}, got ${show(replica["pointInTimeRecovery"])}`,
            `set replicas.${i}.pointInTimeRecovery to true`,
          );
      }
    },
  },
];
