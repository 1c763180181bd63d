import { number, show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const functionReservedConcurrency: ResourceRule = {
  scope: "resource",
  name: "function-reserved-concurrency",
  types: [T.function],
  holds: "Each function has its own share of the account's concurrency.",
  why: "One that runs away takes all of it, and every other function is throttled.",
  mend: "set reservedConcurrentExecutions",
  severity: "medium",
  level: "production",
  ids: { N: ["LambdaConcurrency"], K: ["115"] },
  url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
  check(lambda, { report }) {
    const reserved = number(lambda.props["reservedConcurrentExecutions"]);
    if (reserved === undefined || reserved < 0) report(lambda, `must reserve concurrency, got ${show(reserved)}`);
  },
};
