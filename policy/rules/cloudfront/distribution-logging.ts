import { block } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { peek } from "../../core/unknown";

export const distributionLogging: ResourceRule = {
  scope: "resource",
  name: "distribution-logging",
  types: [T.distribution],
  holds: "A distribution logs its requests.",
  why: "What the cache answered is recorded nowhere else.",
  mend: "set loggingConfig.bucket",
  severity: "medium",
  level: "production",
  ids: { F: ["CloudFront.5"], N: ["CFR3"], K: ["86"] },
  check(distribution, { report }) {
    const bucket = peek(() => block(distribution.props["loggingConfig"])["bucket"]);
    if (bucket === undefined || bucket === "")
      report(distribution, "must log its requests, got no loggingConfig.bucket");
  },
};
