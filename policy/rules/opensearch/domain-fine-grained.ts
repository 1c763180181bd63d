import { isPublic, statements } from "../../core/iam";
import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const domainFineGrained: ResourceRule = {
  scope: "resource",
  name: "domain-fine-grained",
  types: [T.search],
  holds: "A search domain knows its users and what each may read.",
  why: "Whoever reaches it reads every index otherwise.",
  mend: "set advancedSecurityOptions.enabled to true, and name principals in accessPolicies",
  severity: "high",
  level: "mandatory",
  ids: { F: ["Opensearch.7"], N: ["OS3", "OS5"], K: ["318"] },
  check(domain, context) {
    requireTrue(domain, context, "advancedSecurityOptions.enabled", "have fine-grained access");
    if (statements(domain.props["accessPolicies"]).some(isPublic))
      context.report(domain, "must name its principals, got *");
  },
};
