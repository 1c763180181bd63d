import { requireOneOf } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const userPoolMfa: ResourceRule = {
  scope: "resource",
  name: "user-pool-mfa",
  types: [T.userPool],
  holds: "Users can sign in with a second factor.",
  why: "A stolen password alone should not be enough.",
  mend: "set mfaConfiguration to ON or OPTIONAL with a software token",
  severity: "medium",
  level: "advisory",
  ids: { N: ["COG2"] },
  url: "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html",
  check(pool, context) {
    requireOneOf(pool, context, "mfaConfiguration", ["ON", "OPTIONAL"], "offer a second factor");
  },
};
