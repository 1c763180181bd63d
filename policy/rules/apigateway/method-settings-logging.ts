import { at, isTrue } from "../../core/read";
import { requireOneOf } from "../../core/require";
import type { ResourceRule } from "../../core/rule";

export const methodSettingsLogging: ResourceRule = {
  scope: "resource",
  name: "method-settings-logging",
  types: ["aws:apigateway/methodSettings:MethodSettings"],
  holds: "REST methods log errors, never whole requests.",
  why: "Traced data puts tokens and personal data into the log.",
  mend: "set settings.loggingLevel to ERROR or INFO, and dataTraceEnabled to false",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["APIGateway.1"], N: ["APIG6"], K: ["g4", "276"] },
  check(method, context) {
    requireOneOf(method, context, "settings.loggingLevel", ["ERROR", "INFO"], "log errors");
    if (isTrue(at(method.props, "settings.dataTraceEnabled")))
      context.report(method, "must not log whole requests, got dataTraceEnabled true");
  },
};
