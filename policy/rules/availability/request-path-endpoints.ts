import { capacityTypes } from "../../core/capacity";
import { vpcTypes, workloadsOf } from "../../core/network";
import { roleOf } from "../../core/paths";
import { policyStatements } from "../../core/policies-of";
import { text } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

/** Services that requests call, by the prefix of their actions, with the end of their endpoint's name. */
const endpoints: Readonly<Record<string, string>> = {
  dynamodb: "dynamodb",
  events: "events",
  kinesis: "kinesis-streams",
  kms: "kms",
  s3: "s3",
  secretsmanager: "secretsmanager",
  servicediscovery: "servicediscovery",
  sns: "sns",
  sqs: "sqs",
  states: "states",
};

export const requestPathEndpoints: StackRule = {
  scope: "stack",
  name: "request-path-endpoints",
  types: [...capacityTypes, T.function],
  holds: "Every AWS service that a request calls has an endpoint in the VPC.",
  why: "A NAT gateway on the request path is one more thing that fails, and limits connections.",
  mend: "add an aws.ec2.VpcEndpoint for it",
  severity: "medium",
  level: "production",
  ids: { availability: 13 },
  url: "https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html",
  check(workload, { stack, report }) {
    const vpcs = vpcTypes.flatMap((type) => stack.of(type)).filter((vpc) => workloadsOf(vpc, stack).includes(workload));
    const role = vpcs.length > 0 ? roleOf(workload, stack) : undefined;
    if (role === undefined) return;
    const called = new Set<string>();
    for (const policy of stack.referrers(role, T.rolePolicy, "role")) {
      for (const one of policyStatements(policy))
        for (const action of one.actions) called.add(action.split(":")[0] ?? "");
    }
    for (const vpc of vpcs) {
      const present = stack.referrers(vpc, T.endpoint, "vpcId").map((one) => text(one.props["serviceName"]));
      const missing = [...called].filter(
        (service) => endpoints[service] && !present.some((name) => name.endsWith(`.${endpoints[service]}`)),
      );
      if (missing.length > 0) report(workload, `must reach ${missing.sort().join(", ")} by an endpoint, got none`);
    }
  },
};
