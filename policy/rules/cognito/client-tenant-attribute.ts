import { list } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const clientTenantAttribute: ResourceRule = {
  scope: "resource",
  name: "client-tenant-attribute",
  types: [T.userPoolClient],
  holds: "Users cannot write the attribute that says whose data they see.",
  why: "A user who changes his tenant reads another's data. Without a list every attribute is writable.",
  mend: "set writeAttributes without it",
  severity: "high",
  level: "mandatory",
  ids: {},
  url: "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html",
  settings: {
    attributes: {
      type: "array",
      description: "Attributes that only the program writes.",
      default: ["custom:tenantId", "custom:tenant_id", "custom:tenant", "custom:role", "custom:roles"],
    },
  },
  check(client, { report, setting }) {
    const writable = client.props["writeAttributes"];
    if (writable === undefined || writable === null)
      return report(client, "must list what users may write, got no writeAttributes, which means everything");
    const found = list(writable).filter((name) => list(setting("attributes")).includes(name));
    if (found.length > 0) report(client, `must not let users write ${found.join(", ")}, got it in writeAttributes`);
  },
};
