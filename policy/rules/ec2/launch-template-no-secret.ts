import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { secretsIn, userData, variables } from "../../core/workloads";

export const launchTemplateNoSecret: ResourceRule = {
  scope: "resource",
  name: "launch-template-no-secret",
  types: [T.launchTemplate],
  holds: "User data holds no secret.",
  why: "Whoever may describe the template, or reach the metadata, reads it.",
  mend: "read it from Secrets Manager at the start",
  severity: "high",
  level: "mandatory",
  ids: { K: ["46"] },
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html",
  check(template, { report }) {
    const found = secretsIn(variables(template));
    if (found.length === 0 && secretsIn({ data: userData(template) }).length > 0) found.push("a key");
    if (found.length > 0) report(template, `must hold no secret in user data, got ${found.join(", ")}`);
  },
};
