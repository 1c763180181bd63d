import { blocks, isTrue, number, text } from "../../core/read";
import type { ResourceRule } from "../../core/rule";

const ADMIN = [22, 3389];
const WEB_AND_RETURN = 1024;

export const networkAclWorld: ResourceRule = {
  scope: "resource",
  name: "network-acl-world",
  types: ["aws:ec2/networkAcl:NetworkAcl", "aws:ec2/networkAclRule:NetworkAclRule"],
  holds: "Network ACLs let the world reach neither remote administration nor everything.",
  why: "The ACL is the second line: it must hold when a security group is opened by mistake.",
  mend: "name the range and the ports",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["EC2.21"], N: ["VPC3"], K: ["229", "230", "231", "232", "352"] },
  check(acl, { report }) {
    const single = acl.type.endsWith("NetworkAclRule");
    const rules = single ? (isTrue(acl.props["egress"]) ? [] : [acl.props]) : blocks(acl.props["ingress"]);
    for (const rule of rules) {
      const action = text(rule["action"] ?? rule["ruleAction"]).toLowerCase();
      const world = rule["cidrBlock"] === "0.0.0.0/0" || rule["ipv6CidrBlock"] === "::/0";
      if (action !== "allow" || !world) continue;
      const protocol = text(rule["protocol"]);
      const from = number(rule["fromPort"]) ?? 0;
      const to = number(rule["toPort"]) ?? 0;
      if (protocol === "-1" || protocol === "all" || (from === 0 && to >= 65535)) {
        report(acl, "must not let the world in on all ports, got a rule that does");
      } else if (from < WEB_AND_RETURN && ADMIN.some((port) => from <= port && port <= to)) {
        report(acl, `must not let the world in on ports 22 and 3389, got ${from}-${to}`);
      }
    }
  },
};
