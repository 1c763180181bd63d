import { show, text } from "../../core/read";
import type { ResourceRule } from "../../core/rule";

export const certificateKeySize: ResourceRule = {
  scope: "resource",
  name: "certificate-key-size",
  types: ["aws:acm/certificate:Certificate"],
  holds: "Certificates have keys of at least 2048 bits.",
  why: "RSA keys of 1024 bits can be broken.",
  mend: "set keyAlgorithm to RSA_2048 or an elliptic curve",
  severity: "high",
  level: "mandatory",
  ids: { F: ["ACM.2"], K: ["234"] },
  check(certificate, { report }) {
    const algorithm = text(certificate.props["keyAlgorithm"] ?? "RSA_2048");
    if (algorithm === "RSA_1024") report(certificate, `must have a key of 2048 bits, got ${show(algorithm)}`);
  },
};
