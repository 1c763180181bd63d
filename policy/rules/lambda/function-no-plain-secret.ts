import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { secretsIn, variables } from "../../core/workloads";

export const functionNoPlainSecret: ResourceRule = {
  scope: "resource",
  name: "function-no-plain-secret",
  types: [T.function],
  holds: "Functions read secrets from where they are kept.",
  why: "Variables of a function can be read by everyone who may describe it.",
  mend: "name the secret instead and read it at the start",
  severity: "high",
  level: "mandatory",
  ids: { K: ["45"] },
  url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
  check(lambda, { report }) {
    const found = secretsIn(variables(lambda));
    if (found.length > 0) report(lambda, `must hold no secret in its environment, got ${found.join(", ")}`);
  },
};
