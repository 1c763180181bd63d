import { vpcTypes, workloadsOf } from "../../core/network";
import { list, text } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

/** Services that servers in private subnets call, by the end of their endpoint's name. */
const wanted = ["ecr.api", "ecr.dkr", "ssm", "s3", "dynamodb", "logs", "secretsmanager"];

export const vpcEndpoints: StackRule = {
  scope: "stack",
  name: "vpc-endpoints",
  types: vpcTypes,
  holds: "A VPC with servers reaches AWS's own services through endpoints.",
  why: "Calls that leave by a NAT gateway depend on it, cost per byte and pass no endpoint policy.",
  mend: "add an aws.ec2.VpcEndpoint for each",
  severity: "medium",
  level: "advisory",
  ids: { F: ["EC2.10", "EC2.55", "EC2.56", "EC2.57"] },
  settings: {
    services: { type: "array", description: "Ends of the endpoints' service names.", default: wanted },
  },
  check(vpc, { stack, report, setting }) {
    if (workloadsOf(vpc, stack).length === 0) return;
    const present = stack.referrers(vpc, T.endpoint, "vpcId").map((one) => text(one.props["serviceName"]));
    const missing = list(setting("services")).filter((name) => !present.some((one) => one.endsWith(`.${name}`)));
    if (missing.length > 0) report(vpc, `must have endpoints, got none for ${missing.join(", ")}`);
  },
};
