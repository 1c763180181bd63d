import { list } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const clientAuthFlows: ResourceRule = {
  scope: "resource",
  name: "client-auth-flows",
  types: [T.userPoolClient],
  holds: "A client lists the ways its users may sign in, and sends no password to the pool in the clear.",
  why: "A list that is left out means Cognito's default set; USER_PASSWORD flows hand passwords to the client.",
  mend: "set explicitAuthFlows, without USER_PASSWORD_AUTH",
  severity: "medium",
  level: "mandatory",
  ids: {},
  url: "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html",
  check(client, { report }) {
    const flows = list(client.props["explicitAuthFlows"]);
    if (flows.length === 0) return report(client, "must list its authentication flows, got no explicitAuthFlows");
    const passwords = flows.filter((flow) => ["ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"].includes(String(flow)));
    if (passwords.length > 0) report(client, `must not send passwords in the clear, got ${passwords.join(", ")}`);
  },
};
