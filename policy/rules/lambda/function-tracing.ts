import { requireOneOf } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const functionTracing: ResourceRule = {
  scope: "resource",
  name: "function-tracing",
  types: [T.function],
  holds: "Functions take part in traces.",
  why: "A slow call is otherwise looked for in every service in turn.",
  mend: "set tracingConfig.mode to Active",
  severity: "low",
  level: "advisory",
  ids: { F: ["Lambda.7"], K: ["50"] },
  check(lambda, context) {
    requireOneOf(lambda, context, "tracingConfig.mode", ["Active"], "be traced");
  },
};
