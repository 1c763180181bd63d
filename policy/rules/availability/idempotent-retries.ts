import { number, show } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";
import { variables } from "../../core/workloads";

const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";

export const idempotentRetries: StackRule = {
  scope: "stack",
  name: "idempotent-retries",
  types: [T.function, T.ecsTask, T.launchTemplate, T.beanstalk],
  holds: "What is tried again writes under a condition or an idempotency key.",
  why: "An answer that was lost is a write that was done; without a key it is done twice.",
  mend: "write with a condition or a key, and state it as IDEMPOTENCY=condition or key",
  severity: "medium",
  level: "production",
  ids: { availability: 24 },
  url: "https://aws.amazon.com/builders-library/making-retries-safe-with-idempotent-APIs/",
  check(workload, { stack, report }) {
    const own = variables(workload);
    const retries = (number(own["RETRIES"]) ?? 0) > 0 || (number(own["MAX_ATTEMPTS"]) ?? 1) > 1;
    const redelivered = workload.type === T.function && stack.referrers(workload, MAPPING, "functionName").length > 0;
    if (!retries && !redelivered) return;
    if (!["condition", "key"].includes(own["IDEMPOTENCY"] ?? ""))
      report(
        workload,
        `must write so that a second attempt changes nothing, got IDEMPOTENCY ${show(own["IDEMPOTENCY"])}`,
      );
  },
};
