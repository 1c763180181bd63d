import { isTrue } from "../../core/read";
import type { ResourceRule } from "../../core/rule";

export const identityPoolNoGuests: ResourceRule = {
  scope: "resource",
  name: "identity-pool-no-guests",
  types: ["aws:cognito/identityPool:IdentityPool"],
  holds: "AWS credentials are for those who signed in.",
  why: "Guests' credentials are in the hands of everybody.",
  mend: "set allowUnauthenticatedIdentities to false",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["Cognito.2"], N: ["COG7"], K: ["366"] },
  check(pool, { report }) {
    if (isTrue(pool.props["allowUnauthenticatedIdentities"]))
      report(pool, "must not give guests credentials, got allowUnauthenticatedIdentities true");
  },
};
