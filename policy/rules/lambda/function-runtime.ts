import { list, show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

/** Runtimes that AWS patches. @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const supported = [
  "nodejs22.x",
  "nodejs24.x",
  "python3.11",
  "python3.12",
  "python3.13",
  "python3.14",
  "java17",
  "java21",
  "java25",
  "dotnet8",
  "dotnet10",
  "ruby3.3",
  "ruby3.4",
  "provided.al2023",
];

export const functionRuntime: ResourceRule = {
  scope: "resource",
  name: "function-runtime",
  types: [T.function],
  holds: "Functions run on a runtime that AWS patches.",
  why: "A retired runtime gets no fixes, and one day cannot be updated at all.",
  mend: "choose a supported runtime",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["Lambda.2"], N: ["L1"], K: ["363"] },
  settings: { runtimes: { type: "array", description: "Runtimes that count as supported.", default: supported } },
  check(lambda, { report, setting }) {
    const { runtime, packageType, imageUri } = lambda.props;
    if (packageType === "Image" || imageUri !== undefined) return;
    if (!list(setting("runtimes")).includes(runtime))
      report(lambda, `must use a supported runtime, got ${show(runtime)}`);
  },
};
