import { examples } from "../../network/examples";
import { isClosedToWorld } from "../../network/openings";
import { requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { isSet } from "../../stack/invocations";
import { block, blocks, isTrue, show, text } from "../../stack/read";
import { T } from "../../stack/types";

/** Rules for Elastic Load Balancing. */
export const elasticloadbalancingRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "listener-encrypted",
    types: [T.listener],
    description: "Listeners of a public application load balancer use HTTPS, or redirect to it.",
    rationale: "Tokens and personal data can otherwise be read on the internet.",
    fix: "set protocol to HTTPS with a certificate, or redirect to it with HTTP_301",
    severity: "critical",
    level: "mandatory",
    ids: {
      securityHub: ["ELB.1", "ELB.18"],
      cdkNag: ["ALBHttpToHttpsRedirection"],
      checkov: ["CKV_AWS_2", "CKV2_AWS_20"],
    },
    check(listener, { stack, report, advise }) {
      // The balancer of another stack may be internal. TCP and UDP, and GENEVE, carry what the targets encrypt.
      const [balancer] = stack.targets(listener, "loadBalancerArn", T.loadBalancer);
      if (balancer === undefined || isTrue(balancer.props["internal"]) || !isApplicationBalancer(balancer.props))
        return;
      const protocol = text(listener.props["protocol"]) || "HTTP";
      if (protocol !== "HTTP") return;
      const actions = blocks(listener.props["defaultActions"]);
      const redirects = actions.length > 0 && actions.every(isRedirect);
      // A listener may answer with a fixed text what none of its rules redirects: nothing passes it to a server.
      const rules = stack.referrers(listener, "aws:lb/listenerRule:ListenerRule", "listenerArn");
      const all = [...actions, ...rules.flatMap((one) => blocks(one.props["actions"]))];
      const answers = all.every((action) => action["type"] === "fixed-response" || isRedirect(action));
      if (redirects || (answers && all.some(isRedirect))) return;
      // Groups that admit named addresses only, such as those of CloudFront, keep the internet out.
      const say = isClosedToWorld(balancer, stack) ? advise : report;
      say(listener, `must use HTTPS, as its load balancer is public, got protocol ${show(protocol)}`);
    },
  },
  {
    scope: "resource",
    name: "listener-tls-policy",
    types: [T.listener],
    description: "Listeners with TLS accept version 1.2 or newer only.",
    rationale: "The default policy of listeners made by API accepts TLS 1.0, which can be broken.",
    fix: "set sslPolicy to ELBSecurityPolicy-TLS13-1-2-2021-06 or newer",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["ELB.17"], checkov: ["CKV_AWS_103", "CKV2_AWS_74"] },
    check(listener, { report }) {
      const { protocol, sslPolicy } = listener.props;
      if (protocol !== "HTTPS" && protocol !== "TLS") return;
      const modern = /TLS13-1-[23]-|TLS-1-2-|FS-1-2-/.test(text(sslPolicy)) && !/TLS13-1-[01]-/.test(text(sslPolicy));
      if (!modern)
        report(
          listener,
          `must refuse TLS before 1.2, got sslPolicy ${show(sslPolicy)}`,
          "set sslPolicy to ELBSecurityPolicy-TLS13-1-2-2021-06",
        );
    },
  },
  {
    scope: "stack",
    name: "load-balancer-access-logs",
    types: [T.loadBalancer],
    description: "A load balancer logs its requests.",
    rationale: "Requests that did not reach a server are recorded nowhere else.",
    fix: "set accessLogs with a bucket and enabled true",
    severity: "medium",
    level: "production",
    lowUnless: ["audited"],
    example: examples.loadBalancerLogs,
    ids: { securityHub: ["ELB.5"], cdkNag: ["AwsSolutions-ELB2"], checkov: ["CKV_AWS_91"] },
    check(balancer, context) {
      // A network balancer logs the requests of its TLS listeners only, a gateway balancer none.
      const listeners = context.stack.referrers(balancer, T.listener, "loadBalancerArn");
      const logs = isApplicationBalancer(balancer.props) || listeners.some((one) => one.props["protocol"] === "TLS");
      const fix = isSet(balancer, "accessLogs.bucket")
        ? "set accessLogs.enabled to true"
        : "set accessLogs.enabled to true, and accessLogs.bucket to a bucket that the balancer may write to";
      if (logs) requireTrue(balancer, context, "accessLogs.enabled", "log its requests", fix);
    },
  },
  {
    scope: "stack",
    name: "load-balancer-deletion-protection",
    types: [T.loadBalancer],
    description: "A load balancer cannot be deleted by mistake.",
    rationale: "Every client and gateway that uses it is down until it is created again and they know its new name.",
    fix: "set enableDeletionProtection to true",
    severity: "medium",
    level: "production",
    example: examples.protectedLoadBalancer,
    ids: { securityHub: ["ELB.6"], cdkNag: ["ELBDeletionProtectionEnabled"], checkov: ["CKV_AWS_150"] },
    check(balancer, context) {
      requireTrue(balancer, context, "enableDeletionProtection", "be protected against deletion");
    },
  },
  {
    scope: "resource",
    name: "load-balancer-desync",
    types: [T.loadBalancer],
    description: "An application load balancer refuses requests that two servers could read differently.",
    rationale: "In monitor mode such requests reach the servers, and can carry a second request past the rules.",
    fix: "set desyncMitigationMode to defensive or strictest",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["ELB.12"], checkov: ["CKV_AWS_328"] },
    check(balancer, { report }) {
      if (!isApplicationBalancer(balancer.props)) return;
      const mode = balancer.props["desyncMitigationMode"] ?? "defensive"; // AWS's default
      if (!["defensive", "strictest"].includes(mode))
        report(
          balancer,
          `must refuse ambiguous requests, got desyncMitigationMode ${show(mode)}`,
          "set desyncMitigationMode to defensive or strictest",
        );
    },
  },
  {
    scope: "stack",
    name: "load-balancer-internal",
    types: [T.loadBalancer],
    description: "A load balancer behind an API gateway is internal.",
    rationale: "Clients could otherwise go around the gateway, which checks their tokens and limits their requests.",
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
          `must be internal, as an API gateway sends requests to it, got internal ${show(balancer.props["internal"])}`,
          "set internal to true",
        );
    },
  },
  {
    scope: "resource",
    name: "load-balancer-invalid-headers",
    types: [T.loadBalancer],
    description: "An application load balancer drops header fields that are not valid HTTP.",
    rationale: "Servers read such fields differently, which can carry a second request past the rules.",
    fix: "set dropInvalidHeaderFields to true",
    severity: "low",
    level: "mandatory",
    ids: { securityHub: ["ELB.4"], cdkNag: ["ALBHttpDropInvalidHeaderEnabled"], checkov: ["CKV_AWS_131"] },
    check(balancer, context) {
      if (!isApplicationBalancer(balancer.props)) return;
      requireTrue(balancer, context, "dropInvalidHeaderFields", "drop invalid headers");
    },
    remediate(props) {
      if (isTrue(props["dropInvalidHeaderFields"]) || !isApplicationBalancer(props)) return undefined;
      props["dropInvalidHeaderFields"] = true;
      return props;
    },
  },
  {
    scope: "stack",
    name: "load-balancer-waf",
    types: [T.loadBalancer],
    description: "A public application load balancer has a web ACL.",
    rationale: "Without it, floods of requests and known attacks reach the servers.",
    fix: "add an aws.wafv2.WebAclAssociation",
    severity: "high",
    level: "mandatory",
    example: examples.webAcl,
    ids: { securityHub: ["ELB.16"], cdkNag: ["ALBWAFEnabled"], checkov: ["CKV2_AWS_28"] },
    check(balancer, { stack, report }) {
      if (isTrue(balancer.props["internal"]) || !isApplicationBalancer(balancer.props)) return;
      const found = stack.referrers(balancer, "aws:wafv2/webAclAssociation:WebAclAssociation", "resourceArn");
      if (found.length === 0) report(balancer, "must have a web ACL, as it is public, got none");
    },
  },
  {
    scope: "stack",
    name: "target-group-health-check",
    types: [T.targetGroup],
    description: "A target group checks the health of its targets, over HTTP by a path that the program names.",
    rationale:
      "The default path is /, which may answer although the service is broken, or redirect, which counts as unhealthy.",
    fix: "set healthCheck with path and matcher, and enabled not false",
    severity: "medium",
    level: "production",
    lowUnless: ["redundant", "operated"],
    ids: { checkov: ["CKV_AWS_261"] },
    url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
    check(group, { report, advise }) {
      if (group.props["targetType"] === "lambda") return;
      const check = block(group.props["healthCheck"]);
      if (check["enabled"] === false || check["enabled"] === "false")
        report(
          group,
          "must check its targets' health, got healthCheck.enabled false",
          "set healthCheck.enabled to true",
        );
      else if (/^HTTPS?$/.test(text(group.props["protocol"])) && text(check["path"]) === "") {
        advise(
          group,
          "must name the path of its health check, got no healthCheck.path",
          "set healthCheck.path to a path that answers 200 when the server works",
        );
      }
    },
  },
];

function isApplicationBalancer(props: Readonly<Record<string, any>>): boolean {
  return (props["loadBalancerType"] ?? "application") === "application";
}

function isRedirect(action: Readonly<Record<string, any>>): boolean {
  return action["type"] === "redirect" && block(action["redirect"])["protocol"] === "HTTPS";
}
