import { requireOneOf } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const userPoolDeletionProtection: ResourceRule = {
  scope: "resource",
  name: "user-pool-deletion-protection",
  types: [T.userPool],
  holds: "A user pool cannot be deleted by mistake.",
  why: "Its passwords are in no backup.",
  mend: "set deletionProtection to ACTIVE",
  severity: "medium",
  level: "production",
  ids: {},
  url: "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-deletion-protection.html",
  check(pool, context) {
    requireOneOf(pool, context, "deletionProtection", ["ACTIVE"], "be protected against deletion");
  },
};
