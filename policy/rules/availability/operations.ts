import { entrances, entranceTypes } from "../../network/entrances";
import { backendOf } from "../../network/paths";
import { availabilityOf } from "../../network/published";
import { N } from "../../network/tokens";
import { isWatched } from "../../network/watched";
import type { Rule } from "../../pack/rule";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";

/** Availability rules for alarms and the availability target. */
export const operationsRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "alarm-per-cut",
    types: entranceTypes,
    description: "An alarm watches each thing that alone takes a service down, or the API or balancer before it.",
    rationale: "Without an alarm customers are the first to notice an outage.",
    fix: "add an aws.cloudwatch.MetricAlarm on the errors of the API or balancer, or of each function, service and group",
    severity: "medium",
    level: "production",
    lowUnless: ["operated"],
    ids: { availability: 47 },
    url: "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_monitor_aws_resources_notification_monitor.html",
    check(entrance, { stack, report }) {
      const workloads = entrances(stack).get(entrance) ?? [];
      if (isWatched(entrance, stack)) return;
      const open = [...new Set(workloads)].filter((one) => !isWatched(one, stack));
      const [first, second] = open;
      const more = open.length > 2 ? ` and ${open.length - 2} more` : "";
      if (first)
        report(
          entrance,
          `must have an alarm on what is behind it, got none on ${[first, second].filter((one) => one !== undefined).join(", ")}${more}`,
        );
    },
  },
  {
    scope: "resource",
    name: "certificate-renewal",
    types: ["aws:acm/certificate:Certificate"],
    description: "Certificates are renewed without a person.",
    rationale:
      "A renewal that waits for an e-mail or an import is missed, and every request fails on the day it expires.",
    fix: "request the certificate from AWS with validationMethod DNS",
    severity: "medium",
    level: "production",
    ids: { availability: 55 },
    url: "https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html",
    check(certificate, { report }) {
      const isSet = (key: string) => peek(() => certificate.props[key]) !== undefined;
      if (isSet("privateKey") || isSet("certificateBody"))
        return report(certificate, "must be renewed by AWS, got an imported certificate");
      if (certificate.props["validationMethod"] === "EMAIL")
        report(
          certificate,
          'must be validated without a person, got validationMethod "EMAIL"',
          "set validationMethod to DNS",
        );
    },
  },
  {
    scope: "stack",
    name: "availability-target",
    types: [T.integration, N.restIntegration],
    description: "The parts that a request passes reach the declared availability by AWS's published service levels.",
    rationale: "A promise above the product of its parts is broken in an ordinary year.",
    fix: "add a region, take a layer off the request path, or promise less",
    severity: "high",
    level: "mandatory",
    ids: { availability: 49 },
    url: "https://aws.amazon.com/legal/service-level-agreements/",
    settings: {
      percent: {
        type: "number",
        description: "Declared availability of each service, in percent. 0: none is declared.",
        default: 0,
      },
      recoveryTimeSeconds: {
        type: "integer",
        description: "Seconds until clients reach the other region.",
        default: 150,
      },
    },
    check(integration, { stack, report, setting }) {
      const target = setting<number>("percent");
      if (target <= 0 || backendOf(integration, stack).workloads.length === 0) return;
      const found = availabilityOf(integration, stack, setting<number>("recoveryTimeSeconds"));
      if (found.percent < target)
        report(
          integration,
          `must reach ${target} percent, got ${found.percent.toFixed(4)} by published levels of ${found.parts.join(", ")}`,
        );
    },
  },
];
