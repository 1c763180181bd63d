import { isTrue } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const instanceNotPublic: ResourceRule = {
  scope: "resource",
  name: "instance-not-public",
  types: [T.dbInstance, "aws:rds/instance:Instance"],
  holds: "No database has a public address.",
  why: "Its password would be all that protects it.",
  mend: "set publiclyAccessible to false",
  severity: "critical",
  level: "mandatory",
  ids: { F: ["RDS.2"], K: ["17"] },
  check(instance, { report }) {
    if (isTrue(instance.props["publiclyAccessible"]))
      report(instance, "must not be public, got publiclyAccessible true");
  },
};
