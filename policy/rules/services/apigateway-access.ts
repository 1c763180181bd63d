import type { Rule } from "../../pack/rule";
import { at, block, isTrue, list, number, show, text, texts } from "../../stack/read";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";
import { settings } from "../../stack/workloads";

/** Rules for API Gateway: who may call, with what, over which TLS. */
export const apigatewayAccessRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "domain-tls",
    types: [T.domainName, "aws:apigateway/domainName:DomainName"],
    description: "A gateway's own domain takes TLS 1.2 or newer only.",
    rationale: "TLS 1.0 and 1.1 are broken.",
    fix: "set securityPolicy to TLS_1_2",
    severity: "high",
    level: "mandatory",
    ids: { checkov: ["CKV_AWS_206"] },
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html",
    check(domain, { report }) {
      const policy = domain.props["securityPolicy"] ?? at(domain.props, "domainNameConfiguration.securityPolicy");
      const sound = text(policy) === "TLS_1_2" || /^SecurityPolicy_TLS1[23]/.test(text(policy));
      if (!sound) report(domain, `must refuse TLS before 1.2, got securityPolicy ${show(policy)}`);
    },
  },
  {
    scope: "stack",
    name: "integration-host",
    types: [T.integration],
    description: "An integration with a listener that Beanstalk adds rules to sends the environment's own host name.",
    rationale:
      "Beanstalk's rules on a shared balancer match the environment's CNAME only, so that requests with another Host never arrive.",
    fix: 'set requestParameters["overwrite:header.host"] to the cname of the environment',
    severity: "critical",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environments-cfg-alb-shared.html",
    check(integration, { stack, report }) {
      const [listener] = stack.targets(integration, "integrationUri", T.listener);
      if (listener === undefined) return;
      const port = text(listener.props["port"]);
      const [balancer] = stack.targets(listener, "loadBalancerArn", T.loadBalancer);
      const environment = stack.of(T.beanstalk).find((one) => {
        const shared = stack.targets(one, "settings", T.loadBalancer);
        return (
          settings(one)(`aws:elbv2:listener:${port}`, "Rules") !== undefined &&
          (balancer === undefined || shared.includes(balancer))
        );
      });
      if (environment === undefined) return;
      const host = block(integration.props["requestParameters"])["overwrite:header.host"];
      if (host === undefined)
        report(integration, `must send the host name of ${environment}, got no overwrite:header.host`);
    },
  },
  {
    scope: "stack",
    name: "method-api-key",
    types: ["aws:apigateway/method:Method"],
    description: "Where an API has usage plans, every method asks for a key.",
    rationale: "A method without one is counted against no plan, and has no limit of its own.",
    fix: "set apiKeyRequired to true",
    severity: "medium",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",
    check(method, { stack, report }) {
      if (method.props["httpMethod"] === "OPTIONS") return;
      const planned = stack
        .targets(method, "restApi", T.restApi)
        .some((api) => stack.referrers(api, "aws:apigateway/usagePlan:UsagePlan", "apiStages").length > 0);
      const key = method.props["apiKeyRequired"];
      if (planned && !isTrue(key))
        report(method, `must ask for a key, as its API has usage plans, got apiKeyRequired ${show(key)}`);
    },
  },
  {
    scope: "resource",
    name: "method-validator",
    types: ["aws:apigateway/method:Method"],
    description: "REST methods validate requests before they cost a server anything.",
    rationale: "The gateway refuses for free what a server would have to parse.",
    fix: "set requestValidatorId",
    severity: "medium",
    level: "mandatory",
    ids: { cdkNag: ["AwsSolutions-APIG2"], checkov: ["CKV2_AWS_53"] },
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html",
    check(method, { report }) {
      if (method.props["httpMethod"] === "OPTIONS") return;
      const validator = peek(() => method.props["requestValidatorId"]);
      if (validator === undefined || validator === "")
        report(method, "must validate requests, got no requestValidatorId");
    },
  },
  {
    scope: "resource",
    name: "route-authorised",
    types: [T.route, "aws:apigateway/method:Method"],
    description: "A route that is not on the list of public ones asks who is calling.",
    rationale: "A forgotten authorizer is an open door that works, so nobody notices.",
    fix: "set an authorizer, or list the route in publicRoutes",
    severity: "high",
    level: "mandatory",
    ids: {
      securityHub: ["APIGateway.8"],
      cdkNag: ["AwsSolutions-APIG4"],
      checkov: ["CKV_AWS_59", "CKV2_AWS_70", "CKV_AWS_309"],
    },
    settings: {
      publicRoutes: {
        type: "array",
        description: "Route keys that need no token; * stands for anything but a slash. OPTIONS is always public.",
        default: ["GET /healthz", "GET /*/healthz"],
      },
    },
    check(route, { report, setting }) {
      const type = text(route.props["authorizationType"] ?? route.props["authorization"]) || "NONE";
      if (type !== "NONE") {
        // A JWT without a scope proves that somebody signed in, an ID token too.
        if (type === "JWT" && list(route.props["authorizationScopes"]).length === 0)
          report(route, "must name a scope, got none");
        return;
      }
      const key = text(route.props["routeKey"] ?? `${text(route.props["httpMethod"])} ${route.name}`);
      if (key.startsWith("OPTIONS ") || key === "OPTIONS") return;
      const isPublic = texts(setting("publicRoutes")).some((pattern) => matchesRoute(pattern, key));
      if (!isPublic) report(route, `must be authorised, got authorizationType NONE for ${show(key)}`);
    },
  },
  {
    scope: "resource",
    name: "usage-plan-throttle",
    types: ["aws:apigateway/usagePlan:UsagePlan"],
    description: "A usage plan limits rate and burst together.",
    rationale: "With a rate alone the provider sends a burst of 0, and the plan refuses its callers after a few calls.",
    fix: "set throttleSettings.rateLimit and burstLimit",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",
    check(plan, { report }) {
      const one = block(plan.props["throttleSettings"]);
      const missing = ["rateLimit", "burstLimit"].filter((key) => !((number(one[key]) ?? 0) > 0));
      if (missing.length > 0) report(plan, `must limit rate and burst, got no ${missing.join(" and no ")}`);
    },
  },
];

function matchesRoute(pattern: string, key: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*");
  return new RegExp(`^${source}$`).test(key);
}
