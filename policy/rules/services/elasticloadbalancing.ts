import { requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { block, blocks, isTrue, show, text } from "../../stack/read";
import { T } from "../../stack/types";

/** Rules for Elastic Load Balancing. */
export const elasticloadbalancingRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "listener-encrypted",
    types: [T.listener],
    description: "A public load balancer speaks TLS, and sends port 80 to it.",
    rationale: "Tokens and personal data would cross the internet in the clear.",
    fix: "set protocol to HTTPS with a certificate, or redirect to it with HTTP_301",
    severity: "critical",
    level: "mandatory",
    ids: {
      securityHub: ["ELB.1", "ELB.18"],
      cdkNag: ["ALBHttpToHttpsRedirection"],
      checkov: ["CKV_AWS_2", "CKV2_AWS_20"],
    },
    check(listener, { stack, report }) {
      const balancers = stack.targets(listener, "loadBalancerArn", T.loadBalancer);
      if (balancers.some((balancer) => isTrue(balancer.props["internal"]))) return;
      const protocol = text(listener.props["protocol"]);
      if (protocol === "HTTPS" || protocol === "TLS") return;
      const redirects = blocks(listener.props["defaultActions"]).every(
        (action) => action["type"] === "redirect" && block(action["redirect"])["protocol"] === "HTTPS",
      );
      if (!redirects || blocks(listener.props["defaultActions"]).length === 0) {
        report(listener, `must speak TLS, as its balancer is public, got protocol ${show(protocol || "HTTP")}`);
      }
    },
  },
  {
    scope: "resource",
    name: "listener-tls-policy",
    types: [T.listener],
    description: "TLS listeners take version 1.2 or newer only.",
    rationale: "AWS's default policy still takes TLS 1.0.",
    fix: "set sslPolicy to ELBSecurityPolicy-TLS13-1-2-2021-06 or newer",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["ELB.17"], checkov: ["CKV_AWS_103", "CKV2_AWS_74"] },
    check(listener, { report }) {
      const { protocol, sslPolicy } = listener.props;
      if (protocol !== "HTTPS" && protocol !== "TLS") return;
      const sound = /TLS13-1-[23]-|TLS-1-2-|FS-1-2-/.test(text(sslPolicy)) && !/TLS13-1-[01]-/.test(text(sslPolicy));
      if (!sound) report(listener, `must refuse TLS before 1.2, got sslPolicy ${show(sslPolicy)}`);
    },
  },
  {
    scope: "resource",
    name: "load-balancer-access-logs",
    types: [T.loadBalancer],
    description: "A load balancer logs its requests.",
    rationale: "Requests that never reached a server are recorded nowhere else.",
    fix: "set accessLogs with a bucket and enabled true",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["ELB.5"], cdkNag: ["AwsSolutions-ELB2"], checkov: ["CKV_AWS_91"] },
    check(balancer, context) {
      requireTrue(balancer, context, "accessLogs.enabled", "log its requests");
    },
  },
  {
    scope: "resource",
    name: "load-balancer-deletion-protection",
    types: [T.loadBalancer],
    description: "A load balancer cannot be deleted by mistake.",
    rationale: "Whatever names its listener is down until it is made anew.",
    fix: "set enableDeletionProtection to true",
    severity: "medium",
    level: "production",
    ids: { securityHub: ["ELB.6"], cdkNag: ["ELBDeletionProtectionEnabled"], checkov: ["CKV_AWS_150"] },
    check(balancer, context) {
      requireTrue(balancer, context, "enableDeletionProtection", "be protected against deletion");
    },
  },
  {
    scope: "resource",
    name: "load-balancer-desync",
    types: [T.loadBalancer],
    description: "A load balancer defends its servers against desynchronised requests.",
    rationale: "In monitor mode ambiguous requests reach the servers.",
    fix: "set desyncMitigationMode to defensive or strictest",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["ELB.12"], checkov: ["CKV_AWS_328"] },
    check(balancer, { report }) {
      const mode = balancer.props["desyncMitigationMode"] ?? "defensive"; // AWS's default
      if (!["defensive", "strictest"].includes(mode))
        report(balancer, `must defend against request smuggling, got ${show(mode)}`);
    },
  },
  {
    scope: "stack",
    name: "load-balancer-internal",
    types: [T.loadBalancer],
    description: "A load balancer behind an API gateway is internal.",
    rationale: "A public one can be called around the gateway, its tokens and its throttles.",
    fix: "set internal to true",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["ELB.13"] },
    check(balancer, { stack, report }) {
      if (isTrue(balancer.props["internal"])) return;
      const listeners = stack.referrers(balancer, T.listener, "loadBalancerArn");
      const behind = listeners.some((one) => stack.referrers(one, T.integration, "integrationUri").length > 0);
      if (behind)
        report(
          balancer,
          `must be internal, as an API gateway is before it, got internal ${show(balancer.props["internal"])}`,
        );
    },
  },
  {
    scope: "resource",
    name: "load-balancer-invalid-headers",
    types: [T.loadBalancer],
    description: "A load balancer drops header fields that are not valid HTTP.",
    rationale: "Servers read odd headers differently, which smuggles a request past the balancer.",
    fix: "set dropInvalidHeaderFields to true",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["ELB.4"], cdkNag: ["ALBHttpDropInvalidHeaderEnabled"], checkov: ["CKV_AWS_131"] },
    check(balancer, context) {
      if (isNetworkBalancer(balancer.props)) return;
      requireTrue(balancer, context, "dropInvalidHeaderFields", "drop invalid headers");
    },
    remediate(props) {
      if (isTrue(props["dropInvalidHeaderFields"]) || isNetworkBalancer(props)) return undefined;
      props["dropInvalidHeaderFields"] = true;
      return props;
    },
  },
  {
    scope: "stack",
    name: "load-balancer-waf",
    types: [T.loadBalancer],
    description: "A public load balancer has a web application firewall.",
    rationale: "It is the only place where a flood or a known attack can be refused before the servers.",
    fix: "add an aws.wafv2.WebAclAssociation",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["ELB.16"], cdkNag: ["ALBWAFEnabled"], checkov: ["CKV2_AWS_28"] },
    check(balancer, { stack, report }) {
      const { internal, loadBalancerType } = balancer.props;
      if (isTrue(internal) || (loadBalancerType ?? "application") !== "application") return;
      const found = stack.referrers(balancer, "aws:wafv2/webAclAssociation:WebAclAssociation", "resourceArn");
      if (found.length === 0) report(balancer, "must have a web ACL, as it is public, got none");
    },
  },
  {
    scope: "resource",
    name: "target-group-health-check",
    types: [T.targetGroup],
    description: "A target group checks the health of its targets over a path of theirs.",
    rationale: "Without one, a server that answers 500 to everything keeps its share of requests.",
    fix: "set healthCheck with path and matcher, and enabled not false",
    severity: "medium",
    level: "mandatory",
    ids: { checkov: ["CKV_AWS_261"] },
    url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
    check(group, { report }) {
      if (group.props["targetType"] === "lambda") return;
      const check = block(group.props["healthCheck"]);
      if (check["enabled"] === false || check["enabled"] === "false")
        report(group, "must check its targets' health, got enabled false");
      else if (/^HTTPS?$/.test(text(group.props["protocol"])) && text(check["path"]) === "") {
        report(group, "must check its targets' health over a path, got none");
      }
    },
  },
];

function isNetworkBalancer(props: Readonly<Record<string, any>>): boolean {
  return props["loadBalancerType"] === "network" || props["loadBalancerType"] === "gateway";
}
