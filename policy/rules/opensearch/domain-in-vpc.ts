import { block, list } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { peek, UNKNOWN } from "../../core/unknown";

export const domainInVpc: ResourceRule = {
  scope: "resource",
  name: "domain-in-vpc",
  types: [T.search],
  holds: "A search domain is inside a VPC.",
  why: "A public endpoint has its access policy as its only door.",
  mend: "set vpcOptions.subnetIds and securityGroupIds",
  severity: "critical",
  level: "mandatory",
  ids: { F: ["Opensearch.2"], N: ["OS1"], K: ["137"] },
  check(domain, { report }) {
    const subnets = peek(() => list(block(domain.props["vpcOptions"])["subnetIds"]));
    if (subnets !== UNKNOWN && subnets.length === 0) report(domain, "must be in a VPC, got no vpcOptions.subnetIds");
  },
};
