import { number } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";
import { variables } from "../../core/workloads";

const MOST = 3;
const names = ["MAX_ATTEMPTS", "AWS_MAX_ATTEMPTS", "HTTP_MAX_ATTEMPTS"];

export const attempts: StackRule = {
  scope: "stack",
  name: "attempts",
  types: [T.function, T.ecsTask, T.launchTemplate, T.beanstalk],
  holds: "All layers together try a call three times at most.",
  why: "Three layers of three attempts are 27 calls to a server that is down because of its load.",
  mend: "retry in one layer only",
  severity: "high",
  level: "mandatory",
  ids: { availability: 23 },
  url: "https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/",
  settings: { attempts: { type: "integer", description: "Most attempts over all layers.", default: MOST } },
  check(workload, { report, setting }) {
    const own = variables(workload);
    const layers = names.map((name) => number(own[name]) ?? 1).concat((number(own["RETRIES"]) ?? 0) + 1);
    const product = layers.reduce((all, one) => all * Math.max(1, one), 1);
    if (product > setting<number>("attempts"))
      report(workload, `must try a call ${setting("attempts")} times at most, got ${product} over its layers`);
  },
};
