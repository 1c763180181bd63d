import { capacityOf } from "../../core/capacity";
import { vpcTypes, workloadSubnets, workloadsOf } from "../../core/network";
import { blocks, number, text, texts } from "../../core/read";
import type { Resource } from "../../core/resource";
import type { StackRule } from "../../core/rule";
import type { Stack } from "../../core/stack";
import { T } from "../../core/types";

/** Addresses that AWS keeps of every subnet. */
const KEPT = 5;

export const freeAddresses: StackRule = {
  scope: "stack",
  name: "free-addresses",
  types: vpcTypes,
  holds: "Subnets have twice the addresses that servers at their maximum take.",
  why: "A deployment doubles the tasks; without addresses neither it nor a scaler gets any further.",
  mend: "make the workloads' subnets larger",
  severity: "high",
  level: "mandatory",
  ids: { availability: 14 },
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html",
  check(vpc, { stack, report }) {
    const workloads = workloadsOf(vpc, stack);
    const most = workloads.reduce((sum, one) => sum + (capacityOf(one, stack)?.max ?? 0), 0);
    const blocksOfServers = vpc.type === T.awsxVpc ? tierBlocks(vpc) : subnetBlocks(workloads, stack);
    if (most === 0 || blocksOfServers.length === 0) return;
    const free = blocksOfServers.reduce((sum, cidr) => sum + addressesOf(cidr), 0);
    if (free < 2 * most) report(vpc, `must have ${2 * most} addresses for servers, got ${free}`);
  },
};

/** Blocks of the tier that servers are in: private where there is one. */
function tierBlocks(vpc: Resource): string[] {
  const specs = blocks(vpc.props["subnetSpecs"]);
  const tier = specs.filter((spec) => text(spec["type"]).toLowerCase() === "private");
  return tier.flatMap((spec) => texts(spec["cidrBlocks"]));
}

function subnetBlocks(workloads: readonly Resource[], stack: Stack): string[] {
  const used = workloadSubnets(stack);
  return stack
    .of(T.subnet)
    .filter((subnet) => (used.get(subnet) ?? []).some((one) => workloads.includes(one)))
    .map((subnet) => text(subnet.props["cidrBlock"]))
    .filter((cidr) => cidr !== "");
}

function addressesOf(cidr: string): number {
  const prefix = number(cidr.split("/")[1]) ?? 32;
  return Math.max(0, 2 ** (32 - prefix) - KEPT);
}
