import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";

export const stageTracing: ResourceRule = {
  scope: "resource",
  name: "stage-tracing",
  types: ["aws:apigateway/stage:Stage"],
  holds: "REST stages take part in traces.",
  why: "The time a request spent in the gateway is otherwise guessed.",
  mend: "set xrayTracingEnabled to true",
  severity: "low",
  level: "advisory",
  ids: { F: ["APIGateway.3"], K: ["73"] },
  check(stage, context) {
    requireTrue(stage, context, "xrayTracingEnabled", "be traced");
  },
};
