import type { AnswerTable } from "./answer";

/** VPC, subnets, security groups, endpoints, Cloud Map. */
export const networkAnswers: AnswerTable = {
  "aws:ec2/securityGroup:SecurityGroup": (r) => ({
    id: `sg-${r.hex(17)}`,
    arn: r.arn("ec2", `security-group/sg-${r.hex(17)}`),
    name: r.physicalName(),
  }),
};
