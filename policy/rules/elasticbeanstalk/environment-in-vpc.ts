import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { settings } from "../../core/workloads";

export const environmentInVpc: ResourceRule = {
  scope: "resource",
  name: "environment-in-vpc",
  types: [T.beanstalk],
  holds: "A Beanstalk environment runs in a VPC of the program, without public addresses.",
  why: "Else its servers are in the default VPC, whose subnets are public.",
  mend: "set aws:ec2:vpc VPCId, Subnets and AssociatePublicIpAddress false",
  severity: "high",
  level: "mandatory",
  ids: { N: ["EB1"] },
  url: "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.managing.vpc.html",
  check(environment, { report }) {
    const get = settings(environment);
    const missing = ["VPCId", "Subnets"].filter((name) => !get("aws:ec2:vpc", name));
    if (missing.length > 0) report(environment, `must run in a VPC of the program, got no ${missing.join(" and no ")}`);
    if (get("aws:ec2:vpc", "AssociatePublicIpAddress") === "true")
      report(environment, "must give its servers no public address, got AssociatePublicIpAddress true");
  },
};
