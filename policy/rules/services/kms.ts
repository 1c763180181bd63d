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
    description: "The policy of a key names who may use the key.",
    rationale: "Any AWS account could otherwise decrypt what the key protects.",
    fix: "name the principals, or narrow the statement by a condition on kms:CallerAccount",
    severity: "critical",
    level: "mandatory",
    ids: { securityHub: ["KMS.5"], checkov: ["CKV_AWS_33"] },
    check(key, { report }) {
      if (statements(key.props["policy"]).some(isPublic)) report(key, "must name its principals, got *");
    },
  },
  {
    scope: "resource",
    name: "key-rotation",
    types: ["aws:kms/key:Key"],
    description: "AWS replaces the material of a key every year.",
    rationale: "Material that leaks otherwise decrypts everything that the key has ever encrypted.",
    fix: "set enableKeyRotation to true",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["KMS.4"], cdkNag: ["AwsSolutions-KMS5"], checkov: ["CKV_AWS_7"] },
    check(key, context) {
      const spec = text(key.props["customerMasterKeySpec"] ?? "") || "SYMMETRIC_DEFAULT";
      // AWS cannot rotate keys that are asymmetric, for HMAC, or in a store outside KMS.
      if (spec !== "SYMMETRIC_DEFAULT" || key.props["customKeyStoreId"] !== undefined) return;
      requireTrue(key, context, "enableKeyRotation", "rotate");
    },
  },
];
