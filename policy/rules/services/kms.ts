import { requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { isPublic, statements } from "../../stack/iam";
import { text } from "../../stack/read";

/** Rules for KMS. */
export const kmsRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "key-not-public",
    types: ["aws:kms/key:Key", "aws:kms/keyPolicy:KeyPolicy"],
    description: "A key's policy names who may use it.",
    rationale: "With * in it, encryption protects from nobody.",
    fix: "name the principals",
    severity: "critical",
    level: "mandatory",
    ids: { securityHub: ["KMS.5"], checkov: ["CKV_AWS_33", "CKV2_AWS_64"] },
    check(key, { report }) {
      const open = statements(key.props["policy"]).some(
        (one) => isPublic(one) && !one.conditions.some((it) => it.includes("kms:")),
      );
      if (open) report(key, "must name its principals, got *");
    },
  },
  {
    scope: "resource",
    name: "key-rotation",
    types: ["aws:kms/key:Key"],
    description: "Keys rotate.",
    rationale: "What a key ever encrypted is lost with it; rotation bounds that.",
    fix: "set enableKeyRotation to true",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["KMS.4"], cdkNag: ["AwsSolutions-KMS5"], checkov: ["CKV_AWS_7"] },
    check(key, context) {
      if (!["SYMMETRIC_DEFAULT", ""].includes(text(key.props["customerMasterKeySpec"] ?? ""))) return;
      requireTrue(key, context, "enableKeyRotation", "rotate");
    },
  },
];
