import { isTrue } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

/** Types that hold state, and the property that protects each; unset where only Pulumi's `protect` does. */
const stateful: Readonly<Record<string, string | undefined>> = {
  [T.table]: "deletionProtectionEnabled",
  [T.userPool]: "deletionProtection",
  [T.dbCluster]: "deletionProtection",
  [T.zone]: undefined,
};
const destructive: Readonly<Record<string, string>> = {
  [T.bucket]: "forceDestroy",
  [T.zone]: "forceDestroy",
  "aws:ecr/repository:Repository": "forceDelete",
  "aws:secretsmanager/secret:Secret": "forceOverwriteReplicaSecret",
};

export const statefulProtected: ResourceRule = {
  scope: "resource",
  name: "stateful-protected",
  types: [...new Set([...Object.keys(stateful), ...Object.keys(destructive)])],
  holds: "What holds data survives a wrong deployment.",
  why: "A rename replaces a resource: the new one is empty, and the old one gone.",
  mend: "set the protect option, or the resource's own protection, and leave out what forces deletion",
  severity: "critical",
  level: "production",
  ids: { availability: 45 },
  url: "https://www.pulumi.com/docs/iac/concepts/resources/options/protect/",
  check(resource, { environment, report }) {
    const force = destructive[resource.type];
    if (environment === "prod" && force && isTrue(resource.props[force]))
      report(resource, `must not be deleted with what is in it, got ${force} true`);
    if (!(resource.type in stateful) || resource.protect) return;
    const own = stateful[resource.type];
    const value = own === undefined ? undefined : resource.props[own];
    if (!isTrue(value) && value !== "ACTIVE")
      report(resource, `must be protected, got neither protect nor ${own ?? "a protection of its own"}`);
  },
};
