import { at, text } from "../../core/read";
import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const serviceCircuitBreaker: ResourceRule = {
  scope: "resource",
  name: "service-circuit-breaker",
  types: [T.ecsService],
  holds: "A deployment whose tasks do not come up is undone by itself.",
  why: "Else it tries for hours, and the next loss of a task finds no image that starts.",
  mend: "set deploymentCircuitBreaker.enable and rollback to true",
  severity: "high",
  level: "production",
  ids: { availability: 8 },
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
  check(service, context) {
    const controller = text(at(service.props, "deploymentController.type"));
    if (controller === "CODE_DEPLOY" || controller === "EXTERNAL") return;
    requireTrue(service, context, "deploymentCircuitBreaker.enable", "break off a failing deployment");
    requireTrue(service, context, "deploymentCircuitBreaker.rollback", "undo a failing deployment");
  },
};
