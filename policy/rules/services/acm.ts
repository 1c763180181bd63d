import type { Rule } from "../../pack/rule";
import { show, text } from "../../stack/read";

/** Rules for Certificate Manager. */
export const acmRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "certificate-key-size",
    types: ["aws:acm/certificate:Certificate"],
    description: "A certificate has an RSA key of 2048 bits or more, or an elliptic curve key.",
    rationale: "RSA keys of 1024 bits can be broken.",
    fix: "set keyAlgorithm to RSA_2048 or an elliptic curve",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["ACM.2"] },
    check(certificate, { report }) {
      const algorithm = text(certificate.props["keyAlgorithm"] ?? "RSA_2048");
      if (algorithm === "RSA_1024")
        report(
          certificate,
          `must have a key of 2048 bits, got keyAlgorithm ${show(algorithm)}`,
          "set keyAlgorithm to RSA_2048",
        );
    },
  },
];
