import { requireOneOf } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const userPoolTier: ResourceRule = {
  scope: "resource",
  name: "user-pool-tier",
  types: [T.userPool],
  holds: "A user pool names its feature plan.",
  why: "The default has changed before: it decides the price per user and which features work.",
  mend: "set userPoolTier",
  severity: "low",
  level: "mandatory",
  ids: {},
  url: "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html",
  check(pool, context) {
    requireOneOf(pool, context, "userPoolTier", ["LITE", "ESSENTIALS", "PLUS"], "name its feature plan");
  },
};
