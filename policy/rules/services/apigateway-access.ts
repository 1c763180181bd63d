import { examples } from "../../network/examples";
import type { Rule } from "../../pack/rule";
import { G, isWebSocket, matchesRoute, type Operation, operationOf, operationsInBody } from "../../stack/gateway";
import { at, block, show, text, texts } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";
import { settings } from "../../stack/workloads";

/** Rules for API Gateway: who may call, and over which TLS. */
export const apigatewayAccessRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "domain-tls",
    types: [T.domainName, G.restDomain],
    description: "A custom domain name of API Gateway accepts TLS 1.2 or newer only.",
    rationale: "TLS 1.0 and 1.1 have known weaknesses, and a client can be talked down to them.",
    fix: "set securityPolicy to TLS_1_2",
    severity: "high",
    level: "mandatory",
    ids: { checkov: ["CKV_AWS_206"] },
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html",
    check(domain, { report }) {
      const policy = domain.props["securityPolicy"] ?? at(domain.props, "domainNameConfiguration.securityPolicy");
      // API Gateway gives a name of REST APIs TLS 1.2 when nothing is said.
      if (policy === undefined && domain.type === G.restDomain) return;
      const isModern = text(policy) === "TLS_1_2" || /^SecurityPolicy_TLS1[23]/.test(text(policy));
      const path = domain.type === G.restDomain ? "securityPolicy" : "domainNameConfiguration.securityPolicy";
      if (!isModern)
        report(domain, `must refuse TLS before 1.2, got securityPolicy ${show(policy)}`, `set ${path} to TLS_1_2`);
    },
  },
  {
    scope: "stack",
    name: "integration-host",
    types: [T.integration],
    description:
      "An integration sends the host name of the Beanstalk environment behind its listener, where Beanstalk adds rules to that listener.",
    rationale:
      "The rules that Beanstalk adds to a shared load balancer match the environment's CNAME only, so that requests with another Host header never arrive.",
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
        report(
          integration,
          `must send the host name of ${environment}, got no overwrite:header.host`,
          `set requestParameters["overwrite:header.host"] to the cname of ${environment}`,
        );
    },
  },
  {
    scope: "stack",
    name: "route-authorised",
    types: [T.route, G.method, T.api, T.restApi],
    description: "A route of an HTTP or REST API that is not on the list of public ones authorises its caller.",
    rationale: "A route without an authorizer answers every client, and as it works nothing shows that it is open.",
    fix: "set an authorizer, or list the route in publicRoutes",
    severity: "high",
    level: "mandatory",
    example: examples.authorisedRoute,
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
    check(resource, { stack, report, setting }) {
      const patterns = texts(setting("publicRoutes"));
      const isOpen = ({ authorization, key }: Operation) =>
        authorization === "NONE" && !/^OPTIONS( |$)/.test(key) && !patterns.some((one) => matchesRoute(one, key));
      // An ID token has no scope: without one a JWT proves only that its owner has signed in.
      const isUnscoped = ({ authorization, scopes }: Operation) => authorization === "JWT" && scopes.length === 0;
      if (resource.type === T.route || resource.type === G.method) {
        if (resource.type === T.route && isWebSocket(resource, stack)) return;
        const operation = operationOf(resource, stack);
        if (isUnscoped(operation))
          report(
            resource,
            "must name a scope that the caller's token has, got no authorizationScopes",
            "set authorizationScopes to the scopes that may call the route",
          );
        if (isOpen(operation)) {
          const property = resource.type === T.route ? "authorizationType" : "authorization";
          report(
            resource,
            `must authorise its callers, got ${property} NONE for ${show(operation.key)}`,
            `set ${property} to AWS_IAM, or to an authorizer with authorizerId, or list ${show(operation.key)} in publicRoutes`,
          );
        }
        return;
      }
      const operations = [...quickRoute(resource), ...operationsInBody(resource)];
      const open = operations.filter(isOpen).map(({ key }) => key);
      if (open.length > 0) report(resource, `must authorise its routes, got no authorizer for ${some(open)}`);
      const unscoped = operations.filter(isUnscoped).map(({ key }) => key);
      if (unscoped.length > 0) report(resource, `must name scopes of its routes, got none for ${some(unscoped)}`);
    },
  },
  {
    scope: "stack",
    name: "websocket-connect-authorised",
    types: [T.api, T.route],
    description: "A WebSocket API authorises its clients when they connect.",
    rationale:
      "API Gateway asks for authorisation on $connect only: what is accepted there may send messages to every other route for two hours.",
    fix: "add a $connect route with authorizationType CUSTOM or AWS_IAM",
    severity: "high",
    level: "mandatory",
    example: examples.authorisedRoute,
    ids: { securityHub: ["APIGateway.8"], cdkNag: ["AwsSolutions-APIG4"], checkov: ["CKV_AWS_309"] },
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-control-access.html",
    check(resource, { stack, report }) {
      if (!isWebSocket(resource, stack)) return;
      if (resource.type === T.route) {
        const { key, authorization } = operationOf(resource, stack);
        if (key === "$connect" && authorization === "NONE")
          report(
            resource,
            "must authorise clients that connect, got authorizationType NONE for $connect",
            "set authorizationType to AWS_IAM, or to CUSTOM with authorizerId",
          );
        return;
      }
      const keys = stack.referrers(resource, T.route, "apiId").map((route) => text(route.props["routeKey"]));
      // Routes may be in another stack: only an API that has some here, and none for $connect, is known to be open.
      if (keys.length > 0 && !keys.includes("$connect"))
        report(resource, "must authorise clients that connect, got no $connect route");
    },
  },
];

/** The route that an HTTP API makes by itself when it is created with a target; nothing can authorise it. */
function quickRoute({ type, props }: Resource): Operation[] {
  const target = type === T.api ? peek(() => props["target"]) : undefined;
  if (target === undefined || target === "") return [];
  const key = text(props["routeKey"]) || "$default";
  return [{ key, authorization: "NONE", scopes: [], apiKey: false, validated: false, hasModel: false }];
}

/** Up to five names of a list, and how many more there are. */
function some(names: readonly string[]): string {
  const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
  return `${names.slice(0, 5).join(", ")}${more}`;
}
