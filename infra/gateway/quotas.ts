/** Most of something that AWS takes, unless an account has asked for more. */
export interface Quota {
  /** What is counted or measured. @example "resources of an API" */
  readonly what: string;
  readonly value: number;
  /** Unit of the value; empty for a number of things. @example "bytes" */
  readonly unit: string;
  /** Whether AWS raises it on request. */
  readonly raised: boolean;
  /** Page of AWS that publishes it. */
  readonly source: string;
  /** Day on which the value was read. @example "2026-11-27" */
  readonly read: string;
  /** What the page leaves open. @default nothing */
  readonly note?: string;
}

const read = "2026-11-27";
const guide = "https://docs.aws.amazon.com/apigateway/latest/developerguide";
const pages = {
  rest: `${guide}/api-gateway-execution-service-limits-table.html`,
  http: `${guide}/http-api-quotas.html`,
  webSocket: `${guide}/apigateway-execution-service-websocket-limits-table.html`,
  account: `${guide}/limits.html`,
  streaming: `${guide}/response-transfer-mode.html`,
  import: "https://docs.aws.amazon.com/apigateway/latest/api/API_PutRestApi.html",
  applicationBalancer: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html",
  networkBalancer: "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html",
  lambda: "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
} as const;

const KB = 1024;
const MB = 1024 * KB;

type Raised = "raised" | "fixed";

/** Makes the functions that write quotas of one page, each in a line. */
function of(source: string) {
  return (what: string, value: number, unit: string, raised: Raised, note?: string): Quota => ({
    what,
    value,
    unit,
    raised: raised === "raised",
    source,
    read,
    ...(note === undefined ? {} : { note }),
  });
}

const account = of(pages.account);
const rest = of(pages.rest);
const http = of(pages.http);
const webSocket = of(pages.webSocket);
const applicationBalancer = of(pages.applicationBalancer);
const networkBalancer = of(pages.networkBalancer);
const lambda = of(pages.lambda);

/** Quotas of an account in a region, of all its APIs together. */
export const accountQuotas = {
  rate: account("requests of all APIs together", 10_000, "per second", "raised", "2,500 in newer regions"),
  burst: account("requests of all APIs at once", 5_000, "", "fixed", "1,250 in newer regions; AWS sets it by the rate"),
} as const;

/** Quotas of REST APIs, regional ones where they differ by endpoint. */
export const restQuotas = {
  resources: rest("resources (nodes of the tree of paths) of an API", 300, "", "raised"),
  stages: rest("stages of an API", 10, "", "raised"),
  authorizers: rest("authorizers of an API", 10, "", "raised"),
  models: rest(
    "models of an API together",
    400 * KB,
    "bytes",
    "fixed",
    "counted together, as it is not said whether each model may have as much",
  ),
  template: rest("mapping template", 300 * KB, "bytes", "fixed"),
  policy: rest("resource policy", 8_192, "characters", "raised"),
  logFormat: rest("access log format", 3 * KB, "bytes", "fixed"),
  definition: of(pages.import)("OpenAPI document of an import", 6 * MB, "bytes", "fixed"),
  timeout: rest("integration timeout, answers in one piece", 29_000, "ms", "raised", "by less rate for the account"),
  streamTimeout: of(pages.streaming)("integration timeout, streamed answers", 900_000, "ms", "fixed"),
  payload: rest("body of a request, or of an answer in one piece", 10 * MB, "bytes", "fixed"),
  headers: rest("headers of a request together", 10_240, "bytes", "fixed"),
  cachedAnswer: rest("kept answer", 1_048_576, "bytes", "fixed"),
  cacheSeconds: rest("time that an answer is kept", 3_600, "s", "fixed"),
  usagePlans: rest("usage plans of an account in a region", 300, "", "raised"),
  planThrottles: rest(
    "methods of a stage with a limit of their own in a usage plan",
    20,
    "",
    "fixed",
    "AWS publishes no number; this one is reported by users",
  ),
  apiKeys: rest("API keys of an account in a region", 10_000, "", "fixed"),
  vpcLinks: http("VPC links (version 2) of an account in a region", 10, "", "raised"),
} as const;

/** Quotas of private REST APIs that differ from those of regional ones. */
export const privateRestQuotas = {
  url: rest("URL of a request", 8_192, "characters", "fixed"),
  headers: rest("headers of a request together", 8_000, "bytes", "fixed"),
} as const;

/** Quotas of HTTP APIs. */
export const httpQuotas = {
  routes: http("routes of an API", 300, "", "raised"),
  integrations: http("integrations of an API", 300, "", "fixed"),
  stages: http("stages of an API", 10, "", "raised"),
  authorizers: http("authorizers of an API", 10, "", "raised"),
  routeScopes: http("scopes of a route", 10, "", "fixed"),
  timeout: http("integration timeout", 30_000, "ms", "fixed"),
  payload: http("body of a request or answer", 10 * MB, "bytes", "fixed"),
  headers: http("request line and headers of a request together", 10_240, "bytes", "fixed"),
  logFormat: http("access log format", 3 * KB, "bytes", "fixed"),
  vpcLinks: http("VPC links of an account in a region", 10, "", "raised"),
} as const;

/** Quotas of WebSocket APIs. */
export const webSocketQuotas = {
  routes: webSocket("routes of an API", 300, "", "raised"),
  stages: webSocket("stages of an API", 10, "", "raised"),
  authorizers: webSocket("authorizers of an API", 10, "", "raised"),
  timeout: webSocket("integration timeout", 29_000, "ms", "fixed"),
  message: webSocket("message", 128 * KB, "bytes", "fixed"),
  frame: webSocket("frame", 32 * KB, "bytes", "fixed"),
  template: webSocket("mapping template", 300 * KB, "bytes", "fixed"),
  connectionSeconds: webSocket("time of a connection", 7_200, "s", "fixed"),
  idleSeconds: webSocket("time without a message", 600, "s", "fixed"),
  newConnections: webSocket("new connections of an account", 500, "per second", "raised"),
  logFormat: webSocket("access log format", 3 * KB, "bytes", "fixed"),
} as const;

/** Quotas of Application Load Balancers. */
export const applicationBalancerQuotas = {
  rules: applicationBalancer("rules of a balancer, default ones aside", 100, "", "raised"),
  listeners: applicationBalancer("listeners of a balancer", 50, "", "raised"),
  targetGroups: applicationBalancer("target groups of a balancer", 100, "", "fixed"),
  targets: applicationBalancer("targets of a balancer", 1_000, "", "raised"),
  certificates: applicationBalancer("certificates of a balancer, default ones aside", 25, "", "raised"),
  requestLine: applicationBalancer("request line", 16 * KB, "bytes", "fixed"),
  headers: applicationBalancer("headers of a request together", 64 * KB, "bytes", "fixed"),
} as const;

/** Quotas of Network Load Balancers. */
export const networkBalancerQuotas = {
  listeners: networkBalancer("listeners of a balancer", 50, "", "fixed"),
  zoneTargets: networkBalancer("targets of a balancer in a zone", 500, "", "raised"),
  targets: networkBalancer("targets of a balancer", 3_000, "", "raised", "500 with cross-zone balancing"),
  certificates: networkBalancer("certificates of a balancer", 25, "", "raised"),
} as const;

/** Quotas of the functions behind gateways. */
export const functionQuotas = {
  policy: lambda("resource policy of a function's alias", 20 * KB, "bytes", "fixed"),
  variables: lambda("environment variables of a function together", 4 * KB, "bytes", "fixed"),
} as const;
