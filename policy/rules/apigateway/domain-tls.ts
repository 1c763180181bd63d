import { at, show, text } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const domainTls: ResourceRule = {
  scope: "resource",
  name: "domain-tls",
  types: [T.domainName, "aws:apigateway/domainName:DomainName"],
  holds: "A gateway's own domain takes TLS 1.2 or newer only.",
  why: "TLS 1.0 and 1.1 are broken.",
  mend: "set securityPolicy to TLS_1_2",
  severity: "high",
  level: "mandatory",
  ids: { K: ["206"] },
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html",
  check(domain, { report }) {
    const policy = domain.props["securityPolicy"] ?? at(domain.props, "domainNameConfiguration.securityPolicy");
    const sound = text(policy) === "TLS_1_2" || /^SecurityPolicy_TLS1[23]/.test(text(policy));
    if (!sound) report(domain, `must refuse TLS before 1.2, got securityPolicy ${show(policy)}`);
  },
};
