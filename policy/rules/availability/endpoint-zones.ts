import { workloadZones } from "../../core/capacity";
import { vpcTypes, workloadsOf } from "../../core/network";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";
import { UnknownInput } from "../../core/unknown";
import { zonesOf } from "../../core/zones";

export const endpointZones: StackRule = {
  scope: "stack",
  name: "endpoint-zones",
  types: [T.endpoint],
  holds: "An interface endpoint is in every zone that servers are in.",
  why: "Its only zone takes the service away from all others.",
  mend: "add a subnet of each zone to subnetIds",
  severity: "high",
  level: "mandatory",
  ids: { availability: 12 },
  url: "https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
  check(endpoint, { stack, report }) {
    if (endpoint.props["vpcEndpointType"] !== "Interface") return;
    const own = zonesOf(endpoint, "subnetIds", stack);
    if (own === undefined) return;
    if (own.unresolved > 0) throw new UnknownInput(`the zone of ${own.unresolved} of its subnets`);
    const wanted = new Set<string>();
    for (const vpc of stack.targets(endpoint, "vpcId", ...vpcTypes)) {
      for (const workload of workloadsOf(vpc, stack)) {
        for (const zone of workloadZones(workload, stack)?.names ?? []) wanted.add(zone);
      }
    }
    const missing = [...wanted].filter((zone) => !own.names.has(zone)).sort();
    if (missing.length > 0) report(endpoint, `must be in every zone with servers, got none in ${missing.join(", ")}`);
  },
};
