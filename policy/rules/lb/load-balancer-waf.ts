import { isTrue } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const loadBalancerWaf: StackRule = {
  scope: "stack",
  name: "load-balancer-waf",
  types: [T.loadBalancer],
  holds: "A public load balancer has a web application firewall.",
  why: "It is the only place where a flood or a known attack can be refused before the servers.",
  mend: "add an aws.wafv2.WebAclAssociation",
  severity: "high",
  level: "mandatory",
  ids: { F: ["ELB.16"], N: ["ALBWAFEnabled"], K: ["g28"] },
  check(balancer, { stack, report }) {
    const { internal, loadBalancerType } = balancer.props;
    if (isTrue(internal) || (loadBalancerType ?? "application") !== "application") return;
    const found = stack.referrers(balancer, "aws:wafv2/webAclAssociation:WebAclAssociation", "resourceArn");
    if (found.length === 0) report(balancer, "must have a web ACL, as it is public, got none");
  },
};
