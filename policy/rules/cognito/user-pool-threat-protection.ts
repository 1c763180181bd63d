import { requireOneOf } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const userPoolThreatProtection: ResourceRule = {
  scope: "resource",
  name: "user-pool-threat-protection",
  types: [T.userPool],
  holds: "Sign-ins with leaked passwords and from odd places are met with more questions.",
  why: "Lists of leaked passwords are tried on every sign-in page.",
  mend: "set userPoolTier to PLUS and userPoolAddOns.advancedSecurityMode to ENFORCED",
  severity: "medium",
  level: "advisory",
  ids: { F: ["Cognito.1"], N: ["COG8"] },
  check(pool, context) {
    requireOneOf(pool, context, "userPoolAddOns.advancedSecurityMode", ["ENFORCED"], "have threat protection");
  },
};
