import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const clientRevocation: ResourceRule = {
  scope: "resource",
  name: "client-revocation",
  types: [T.userPoolClient],
  holds: "Refresh tokens can be revoked.",
  why: "A stolen one works for its whole life otherwise.",
  mend: "set enableTokenRevocation to true",
  severity: "high",
  level: "mandatory",
  ids: {},
  url: "https://docs.aws.amazon.com/cognito/latest/developerguide/token-revocation.html",
  check(client, context) {
    requireTrue(client, context, "enableTokenRevocation", "revoke tokens");
  },
};
