import { text } from "../../core/read";
import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";

export const keyRotation: ResourceRule = {
  scope: "resource",
  name: "key-rotation",
  types: ["aws:kms/key:Key"],
  holds: "Keys rotate.",
  why: "What a key ever encrypted is lost with it; rotation bounds that.",
  mend: "set enableKeyRotation to true",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["KMS.4"], N: ["KMS5"], K: ["7"] },
  check(key, context) {
    if (!["SYMMETRIC_DEFAULT", ""].includes(text(key.props["customerMasterKeySpec"] ?? ""))) return;
    requireTrue(key, context, "enableKeyRotation", "rotate");
  },
};
