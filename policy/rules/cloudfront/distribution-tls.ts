import { requireOneOf } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const distributionTls: ResourceRule = {
  scope: "resource",
  name: "distribution-tls",
  types: [T.distribution],
  holds: "A distribution has its own certificate, by SNI, from TLS 1.2 on.",
  why: "The default certificate takes TLS 1.0; dedicated addresses cost and help nobody.",
  mend: "set viewerCertificate.minimumProtocolVersion to TLSv1.2_2021 and sslSupportMethod to sni-only",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["CloudFront.7", "CloudFront.8"], N: ["CFR4"], K: ["174"] },
  check(distribution, context) {
    requireOneOf(
      distribution,
      context,
      "viewerCertificate.minimumProtocolVersion",
      ["TLSv1.2_2018", "TLSv1.2_2019", "TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"],
      "refuse TLS before 1.2",
    );
    requireOneOf(distribution, context, "viewerCertificate.sslSupportMethod", ["sni-only"], "use SNI");
  },
};
