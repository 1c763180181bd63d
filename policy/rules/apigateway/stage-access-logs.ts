import { block } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { peek } from "../../core/unknown";

export const stageAccessLogs: ResourceRule = {
  scope: "resource",
  name: "stage-access-logs",
  types: [T.stage, "aws:apigateway/stage:Stage"],
  holds: "A stage logs every request.",
  why: "Requests that the gateway refused are recorded nowhere else.",
  mend: "set accessLogSettings with destinationArn and format",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["APIGateway.9"], N: ["APIG1"], K: ["76"] },
  check(stage, { report }) {
    const log = block(stage.props["accessLogSettings"]);
    // The ARN is unknown at preview; that there is one counts.
    const missing = ["destinationArn", "format"].filter((key) =>
      [undefined, null, ""].includes(peek(() => log[key]) as any),
    );
    if (missing.length > 0) report(stage, `must log its requests, got no ${missing.join(" and no ")}`);
  },
};
