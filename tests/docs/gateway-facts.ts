import {
  accountQuotas,
  applicationBalancerQuotas,
  functionQuotas,
  httpQuotas,
  networkBalancerQuotas,
  privateRestQuotas,
  type Quota,
  restQuotas,
  webSocketQuotas,
} from "../../infra/gateway/quotas";

/** Gateways that the page compares, in the order of its columns. */
export const gateways = {
  http: "HTTP API",
  rest: "REST API, regional",
  privateRest: "REST API, private",
  webSocket: "WebSocket API",
  applicationBalancer: "ALB",
  networkBalancer: "NLB",
} as const;
/** A gateway of the page. */
export type Gateway = keyof typeof gateways;

/** Day on which the facts of this module were read. */
const read = "2026-11-27";

const guide = "https://docs.aws.amazon.com/apigateway/latest/developerguide";
const balancing = "https://docs.aws.amazon.com/elasticloadbalancing/latest";
const pages = {
  httpOrRest: `${guide}/http-api-vs-rest.html`,
  webSocket: `${guide}/websocket-api-develop.html`,
  webSocketAccess: `${guide}/apigateway-websocket-api-control-access.html`,
  webSocketLogs: `${guide}/websocket-api-logging.html`,
  webSocketMonitor: `${guide}/websocket-api-monitor.html`,
  routes: "https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-routes.html",
  keys: `${guide}/api-gateway-api-usage-plans.html`,
  streaming: `${guide}/response-transfer-mode.html`,
  caching: `${guide}/api-gateway-caching.html`,
  xray: `${guide}/apigateway-xray.html`,
  mutualTls: `${guide}/rest-api-mutual-tls.html`,
  privateIntegration: `${guide}/set-up-private-integration.html`,
  privateDomains: `${guide}/apigateway-private-custom-domains.html`,
  throttling: `${guide}/api-gateway-request-throttling.html`,
  canary: `${guide}/canary-release.html`,
  waf: "https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html",
  balancerJwt: `${balancing}/application/listener-verify-jwt.html`,
  balancerMutualTls: `${balancing}/application/mutual-authentication.html`,
  balancerHeaders: `${balancing}/application/enable-header-modification.html`,
  balancerLogs: `${balancing}/application/load-balancer-access-logs.html`,
  networkBalancer: `${balancing}/network/introduction.html`,
  balancerWeights: `${balancing}/network/add-rule.html`,
} as const;

/** A feature, and what each gateway has of it. */
export interface Feature {
  readonly name: string;
  readonly values: Readonly<Record<Gateway, string>>;
  /** Pages of AWS. */
  readonly sources: readonly string[];
  readonly read: string;
}

/** Writes a feature in two lines: the values are in the order of `gateways`. */
function feature(
  name: string,
  values: readonly [string, string, string, string, string, string],
  ...sources: string[]
) {
  const byGateway = Object.fromEntries(Object.keys(gateways).map((gateway, i) => [gateway, values[i]!]));
  return { name, values: byGateway as Feature["values"], sources, read };
}

/** What the gateways can do. */
export const features: readonly Feature[] = [
  feature(
    "tokens (JWT), checked by the gateway",
    [
      "yes, any OIDC issuer, scopes per route",
      "Cognito only, scopes per method",
      "Cognito only",
      "no",
      "yes, RS256 of any issuer",
      "no",
    ],
    pages.httpOrRest,
    pages.webSocketAccess,
    pages.balancerJwt,
  ),
  feature(
    "signed requests (IAM)",
    ["yes", "yes", "yes", "yes, on `$connect`", "no", "no"],
    pages.httpOrRest,
    pages.webSocketAccess,
  ),
  feature(
    "Lambda authorizer",
    ["yes", "yes", "yes", "yes, on `$connect`", "no", "no"],
    pages.httpOrRest,
    pages.webSocketAccess,
  ),
  feature(
    "API keys and usage plans",
    ["no", "yes", "yes", "yes, on `$connect`", "no", "no"],
    pages.httpOrRest,
    pages.keys,
    pages.routes,
  ),
  feature(
    "validation of requests",
    ["no", "bodies and parameters", "bodies and parameters", "messages", "no", "no"],
    pages.httpOrRest,
    pages.webSocket,
  ),
  feature(
    "cache of answers",
    ["no", "yes, by the hour", "yes, by the hour", "no", "no", "no"],
    pages.httpOrRest,
    pages.caching,
  ),
  feature("mapping templates", ["parameters only", "yes", "yes", "yes", "no", "no"], pages.httpOrRest, pages.webSocket),
  feature(
    "streamed answers",
    ["no", "yes, of proxies", "yes, of proxies", "messages at any time", "yes", "yes"],
    pages.streaming,
    pages.networkBalancer,
  ),
  feature("WAF", ["no", "yes", "yes", "no", "yes", "no"], pages.httpOrRest, pages.waf),
  feature(
    "mutual TLS with clients",
    ["yes", "yes", "no", "no", "yes", "by the servers, over TCP"],
    pages.httpOrRest,
    pages.mutualTls,
    pages.balancerMutualTls,
  ),
  feature(
    "private integrations",
    ["ALB, NLB, Cloud Map", "ALB, NLB", "ALB, NLB", "NLB", "its targets", "its targets"],
    pages.httpOrRest,
    pages.privateIntegration,
  ),
  feature(
    "CORS",
    [
      "by a setting",
      "by OPTIONS methods and gateway responses",
      "by OPTIONS methods and gateway responses",
      "no, as browsers do not ask",
      "by headers that it adds",
      "no",
    ],
    pages.httpOrRest,
    pages.balancerHeaders,
  ),
  feature(
    "custom domains",
    ["yes", "yes", "yes, in a VPC", "yes", "by DNS and certificate", "by DNS and certificate"],
    pages.httpOrRest,
    pages.privateDomains,
  ),
  feature("traces by X-Ray", ["no", "yes", "yes", "no", "a trace header", "no"], pages.xray, pages.webSocketMonitor),
  feature(
    "access logs",
    ["CloudWatch", "CloudWatch, Firehose", "CloudWatch, Firehose", "CloudWatch", "S3", "S3, of TLS listeners"],
    pages.httpOrRest,
    pages.webSocketLogs,
    pages.balancerLogs,
  ),
  feature("execution logs", ["no", "yes", "yes", "yes", "no", "no"], pages.httpOrRest, pages.webSocketLogs),
  feature(
    "canary of a release",
    ["no", "yes", "yes", "no", "by weights of target groups", "by weights of target groups"],
    pages.httpOrRest,
    pages.canary,
    pages.balancerWeights,
  ),
  feature("OpenAPI import and export", ["yes", "yes", "yes", "no", "no", "no"], pages.httpOrRest),
  feature(
    "limit of a route",
    ["yes", "yes, also by client", "yes, also by client", "yes", "by WAF, by address", "no"],
    pages.throttling,
    pages.httpOrRest,
  ),
];

/** Quotas of each gateway, and those that several share. */
export const limits: Readonly<Record<string, readonly Quota[]>> = {
  "All APIs of an account": Object.values(accountQuotas),
  "HTTP API": Object.values(httpQuotas),
  "REST API": Object.values(restQuotas),
  "REST API, private, in addition": Object.values(privateRestQuotas),
  "WebSocket API": Object.values(webSocketQuotas),
  ALB: Object.values(applicationBalancerQuotas),
  NLB: Object.values(networkBalancerQuotas),
  "Functions behind a gateway": Object.values(functionQuotas),
};

/** What AWS publishes about the time that a gateway adds to a request. */
export interface Latency {
  readonly text: string;
  /** @default AWS publishes no figure */
  readonly source?: string;
  readonly read: string;
}

const announcement = "https://aws.amazon.com/blogs/compute/building-better-apis-http-apis-now-generally-available/";
const notPublished: Latency = { text: "not published", read };

/** Published latencies. */
export const latencies: Readonly<Record<Gateway, Latency>> = {
  http: { text: "under 10 ms added to 99 % of requests (announcement of 2020)", source: announcement, read },
  rest: { text: "no figure; HTTP APIs are said to have up to 60 % less", source: announcement, read },
  privateRest: notPublished,
  webSocket: notPublished,
  applicationBalancer: notPublished,
  networkBalancer: notPublished,
};

/** A list price of US East (N. Virginia), first tier, without the free tier. */
export interface Price {
  readonly gateway: Gateway;
  /** US dollars; undefined when it is not known, which the page refuses. */
  readonly dollars: number | undefined;
  /** What the dollars are for. @example "per million requests" */
  readonly per: string;
  /** AWS's page of the price. */
  readonly source: string;
  /** Where the number was read, if AWS's page gives it by a script only. @default in `source` */
  readonly readIn?: string;
  readonly read: string;
}

const apiPrices = "https://aws.amazon.com/api-gateway/pricing/";
const paper =
  "https://docs.aws.amazon.com/whitepapers/latest/best-practices-api-gateway-private-apis-integration/cost-optimization.html";
const balancerPrices = "https://aws.amazon.com/elasticloadbalancing/pricing/";
const privateLinkPrices = "https://aws.amazon.com/privatelink/pricing/";
const apiReport = "https://amnic.com/blogs/aws-api-gateway-pricing";
const balancerReport = "https://awsnegotiations.com/elastic-load-balancer-cost.html";
const privateLinkReport = "https://awsnegotiations.com/privatelink-cost-analysis.html";

/** List prices. */
export const prices: readonly Price[] = [
  { gateway: "http", dollars: 1, per: "per million requests, of 512 KB each", source: apiPrices, readIn: paper, read },
  { gateway: "rest", dollars: 3.5, per: "per million requests", source: apiPrices, readIn: paper, read },
  { gateway: "rest", dollars: 0.02, per: "per hour of a cache of 0.5 GB", source: apiPrices, readIn: apiReport, read },
  { gateway: "privateRest", dollars: 3.5, per: "per million requests", source: apiPrices, readIn: paper, read },
  {
    gateway: "privateRest",
    dollars: 0.01,
    per: "per hour and zone of the VPC endpoint",
    source: privateLinkPrices,
    readIn: privateLinkReport,
    read,
  },
  {
    gateway: "privateRest",
    dollars: 0.01,
    per: "per GB through the VPC endpoint",
    source: privateLinkPrices,
    readIn: privateLinkReport,
    read,
  },
  {
    gateway: "webSocket",
    dollars: 1,
    per: "per million messages, of 32 KB each",
    source: apiPrices,
    readIn: apiReport,
    read,
  },
  {
    gateway: "webSocket",
    dollars: 0.25,
    per: "per million minutes of connection",
    source: apiPrices,
    readIn: apiReport,
    read,
  },
  {
    gateway: "applicationBalancer",
    dollars: 0.0225,
    per: "per hour",
    source: balancerPrices,
    readIn: balancerReport,
    read,
  },
  {
    gateway: "applicationBalancer",
    dollars: 0.008,
    per: "per hour and capacity unit (LCU)",
    source: balancerPrices,
    readIn: balancerReport,
    read,
  },
  {
    gateway: "networkBalancer",
    dollars: 0.0225,
    per: "per hour",
    source: balancerPrices,
    readIn: balancerReport,
    read,
  },
  {
    gateway: "networkBalancer",
    dollars: 0.006,
    per: "per hour and capacity unit (NLCU)",
    source: balancerPrices,
    readIn: balancerReport,
    read,
  },
];
