import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const tableCustomerKey: ResourceRule = {
  scope: "resource",
  name: "table-customer-key",
  types: [T.table],
  holds: "A table is encrypted with a key whose use can be seen and refused.",
  why: "AWS's own key cannot be taken away from anybody.",
  mend: "set serverSideEncryption with enabled true",
  severity: "medium",
  level: "advisory",
  ids: { K: ["119"] },
  url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html",
  check(table, context) {
    requireTrue(table, context, "serverSideEncryption.enabled", "be encrypted with a KMS key");
  },
};
