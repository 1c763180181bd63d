import { list } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const clientNoImplicitGrant: ResourceRule = {
  scope: "resource",
  name: "client-no-implicit-grant",
  types: [T.userPoolClient],
  holds: "Tokens never come in a URL.",
  why: "URLs stay in histories, logs and referrers.",
  mend: "use code with PKCE, or client_credentials",
  severity: "high",
  level: "mandatory",
  ids: {},
  url: "https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html",
  check(client, { report }) {
    if (list(client.props["allowedOauthFlows"]).includes("implicit"))
      report(client, "must not use the implicit grant, got it in allowedOauthFlows");
  },
};
