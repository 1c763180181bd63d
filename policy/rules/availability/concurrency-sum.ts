import { number } from "../../core/read";
import type { ProgramRule } from "../../core/rule";
import { T } from "../../core/types";
import { peek, UNKNOWN, UnknownInput } from "../../core/unknown";

/** What AWS keeps unreserved of an account's concurrency. */
const KEPT = 100;

export const concurrencySum: ProgramRule = {
  scope: "program",
  name: "concurrency-sum",
  holds: "Functions reserve no more than the account has, and none reserves nothing.",
  why: "AWS refuses the last function; and 0 means that a function never runs.",
  mend: "lower reservedConcurrentExecutions, or have the account's limit raised",
  severity: "high",
  level: "mandatory",
  ids: { availability: 26 },
  url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
  settings: {
    accountLimit: { type: "integer", description: "Concurrent executions of the account, per region.", default: 1000 },
  },
  check({ stack, report, setting }) {
    const most = setting<number>("accountLimit") - KEPT;
    const sums = new Map<string, number>();
    const open: string[] = [];
    for (const lambda of stack.of(T.function)) {
      const reserved = peek(() => number(lambda.props["reservedConcurrentExecutions"]));
      if (reserved === UNKNOWN) open.push(lambda.name);
      if (typeof reserved !== "number" || reserved < 0) continue;
      if (reserved === 0) report(lambda, "must be able to run, got reservedConcurrentExecutions 0");
      const region = stack.regionOf(lambda) ?? "";
      const before = sums.get(region) ?? 0;
      sums.set(region, before + reserved);
      // Said once, of the function that passes the limit.
      if (before <= most && before + reserved > most)
        report(lambda, `must leave the region within ${most} reserved executions, got ${before + reserved}`);
    }
    if (open.length > 0) throw new UnknownInput(`reservedConcurrentExecutions of ${open.join(", ")}`);
  },
};
