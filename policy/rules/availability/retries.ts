import type { Rule } from "../../pack/rule";
import { isReadFor } from "../../stack/invocations";
import { number, show } from "../../stack/read";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek, UNKNOWN } from "../../stack/unknown";
import { variables } from "../../stack/workloads";

const MOST = 3;

const names = ["MAX_ATTEMPTS", "AWS_MAX_ATTEMPTS", "HTTP_MAX_ATTEMPTS"];

/** Availability rules for retries. */
export const retriesRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "attempts",
    types: [T.function, T.ecsTask, T.launchTemplate, T.beanstalk],
    description: "All layers of a workload together try a call three times at most.",
    rationale: "Three layers of three attempts are 27 calls to a server that is down because of its load.",
    fix: "retry in one layer only",
    severity: "medium",
    level: "production",
    ids: { availability: 23 },
    url: "https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/",
    settings: { attempts: { type: "integer", description: "Most attempts over all layers.", default: MOST } },
    check(workload, { report, advise, setting }) {
      const own = variables(workload);
      const layers = names.map((name) => number(own[name]) ?? 1).concat((number(own["RETRIES"]) ?? 0) + 1);
      const product = layers.reduce((all, one) => all * Math.max(1, one), 1);
      // One layer that tries often is what a program has decided on; several multiply without a decision.
      const say = layers.filter((one) => one > 1).length > 1 ? report : advise;
      if (product > setting<number>("attempts"))
        say(workload, `must try a call ${setting("attempts")} times at most, got ${product} over its layers`);
    },
  },
  {
    scope: "stack",
    name: "idempotent-retries",
    types: [T.function, T.ecsTask, T.launchTemplate, T.beanstalk],
    description: "A workload that states its retries writes under a condition or an idempotency key.",
    rationale: "A lost answer may be of a write that was done; without a key the second attempt does it twice.",
    fix: "write with a condition or a key, and state it in the variable IDEMPOTENCY as condition or key",
    severity: "medium",
    level: "production",
    ids: { availability: 24 },
    url: "https://aws.amazon.com/builders-library/making-retries-safe-with-idempotent-APIs/",
    check(workload, { stack, report }) {
      const own = variables(workload);
      const retries = (number(own["RETRIES"]) ?? 0) > 0 || (number(own["MAX_ATTEMPTS"]) ?? 1) > 1;
      const redelivered = isReadFor(workload, stack);
      // Only a program that states IDEMPOTENCY somewhere can be asked for it elsewhere.
      if (!(retries || redelivered) || !statesIdempotency(stack)) return;
      if (!["condition", "key"].includes(own["IDEMPOTENCY"] ?? ""))
        report(
          workload,
          `must write so that a second attempt changes nothing, got IDEMPOTENCY ${show(own["IDEMPOTENCY"])}`,
        );
    },
  },
];

function statesIdempotency(stack: Stack): boolean {
  return stack.memo("a workload states IDEMPOTENCY", () =>
    stack.of(T.function, T.ecsTask, T.launchTemplate, T.beanstalk).some((one) => {
      // A preview does not know all variables, and what is not known states nothing.
      const stated = peek(() => variables(one)["IDEMPOTENCY"]);
      return stated !== UNKNOWN && (stated ?? "") !== "";
    }),
  );
}
