import { at, show, text } from "../../core/read";
import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const domainHttps: ResourceRule = {
  scope: "resource",
  name: "domain-https",
  types: [T.search],
  holds: "A search domain takes HTTPS from TLS 1.2 on only.",
  why: "Queries and results would cross the network in the clear.",
  mend: "set domainEndpointOptions.enforceHttps and tlsSecurityPolicy Policy-Min-TLS-1-2-PFS-2023-10",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["Opensearch.8"], K: ["83", "228"] },
  check(domain, context) {
    requireTrue(domain, context, "domainEndpointOptions.enforceHttps", "take HTTPS only");
    const policy = text(at(domain.props, "domainEndpointOptions.tlsSecurityPolicy"));
    if (!policy.startsWith("Policy-Min-TLS-1-2"))
      context.report(domain, `must refuse TLS before 1.2, got ${show(policy || undefined)}`);
  },
};
