import { isPublic, statements } from "../../core/iam";
import type { ResourceRule } from "../../core/rule";

export const keyNotPublic: ResourceRule = {
  scope: "resource",
  name: "key-not-public",
  types: ["aws:kms/key:Key", "aws:kms/keyPolicy:KeyPolicy"],
  holds: "A key's policy names who may use it.",
  why: "With * in it, encryption protects from nobody.",
  mend: "name the principals",
  severity: "critical",
  level: "mandatory",
  ids: { F: ["KMS.5"], K: ["33", "g64"] },
  check(key, { report }) {
    const open = statements(key.props["policy"]).some(
      (one) => isPublic(one) && !one.conditions.some((it) => it.includes("kms:")),
    );
    if (open) report(key, "must name its principals, got *");
  },
};
