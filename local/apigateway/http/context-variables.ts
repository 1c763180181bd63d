import type { IncomingMessage, ServerResponse } from "node:http";
import { commonLogTime } from "../log-time";
import type { Variable } from "../template";

/**
 * The part of an `Exchange` that context variables read. Declared here because exchanges in turn refer to variables.
 */
export interface ContextSource {
  readonly api: { readonly accountId: string; readonly apiId: string };
  readonly clock: { monotonic(): number };
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly requestId: string;
  readonly startedAt: number;
  readonly timeEpoch: number;
  readonly method: string;
  readonly domainName: string;
  readonly stagePath: string;
  /** As sent, without stage and query. */
  readonly path: string;
  /** As sent, without `?`. */
  readonly query: string;
  /** Of the path, as sent. */
  readonly segments: readonly string[];
  readonly sourceIp: string;
  readonly stage: StageSource | undefined;
  readonly route: { readonly key: string } | undefined;
  readonly claims: Readonly<Record<string, string>> | undefined;
  readonly authorizerContext: Readonly<Record<string, unknown>> | undefined;
  readonly authorizerError: string | undefined;
  readonly integrationMilliseconds: number | undefined;
  readonly integrationStatus: number | undefined;
  readonly integrationError: string | undefined;
  readonly invocationStatus: number | undefined;
  readonly endpointRequestId: string | undefined;
  readonly endpointRequestId2: string | undefined;
  readonly ownError: { readonly message: string; readonly type: string } | undefined;
  readonly requestLength: number;
  readonly responseLength: number;
}

interface StageSource {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>> | undefined;
}

const round = (milliseconds: number | undefined) => (milliseconds === undefined ? undefined : Math.round(milliseconds));

const variables: Readonly<Record<string, Variable<ContextSource>>> = {
  accountId: ({ api }) => api.accountId,
  apiId: ({ api }) => api.apiId,
  "authorizer.error": (exchange) => exchange.authorizerError,
  awsEndpointRequestId: (exchange) => exchange.endpointRequestId,
  awsEndpointRequestId2: (exchange) => exchange.endpointRequestId2,
  dataProcessed: (exchange) => exchange.requestLength + exchange.responseLength,
  domainName: (exchange) => exchange.domainName,
  domainPrefix: (exchange) => exchange.domainName.split(".")[0],
  "error.message": (exchange) => exchange.ownError?.message,
  "error.messageString": ({ ownError }) => ownError && JSON.stringify(ownError.message),
  "error.responseType": (exchange) => exchange.ownError?.type,
  extendedRequestId: (exchange) => exchange.requestId,
  httpMethod: (exchange) => exchange.method,
  "identity.sourceIp": (exchange) => exchange.sourceIp,
  "identity.userAgent": ({ req }) => req.headers["user-agent"],
  "integration.error": (exchange) => exchange.integrationError,
  "integration.integrationStatus": (exchange) => exchange.invocationStatus ?? exchange.integrationStatus,
  "integration.latency": (exchange) => round(exchange.integrationMilliseconds),
  "integration.requestId": (exchange) => exchange.endpointRequestId,
  "integration.status": (exchange) => exchange.integrationStatus,
  integrationErrorMessage: (exchange) => exchange.integrationError,
  integrationLatency: (exchange) => round(exchange.integrationMilliseconds),
  integrationStatus: (exchange) => exchange.invocationStatus ?? exchange.integrationStatus,
  path: (exchange) => exchange.stagePath,
  protocol: ({ req }) => `HTTP/${req.httpVersion}`,
  requestId: (exchange) => exchange.requestId,
  requestTime: (exchange) => commonLogTime(exchange.timeEpoch),
  requestTimeEpoch: (exchange) => Math.floor(exchange.timeEpoch / 1_000),
  responseLatency: (exchange) => round(exchange.clock.monotonic() - exchange.startedAt),
  responseLength: (exchange) => exchange.responseLength,
  routeKey: (exchange) => exchange.route?.key,
  stage: (exchange) => exchange.stage?.name,
  status: ({ res }) => (res.headersSent ? res.statusCode : undefined), // unset when the client disconnected before the answer
};

const claimForm = /^authorizer\.(?:jwt\.)?claims\.(.+)$/;
const authorizerForm = /^authorizer\.(\w+)$/;
/**
 * Variables of IAM authorizers, mutual TLS and base paths of custom domains: documented, and without a value
 * for every API that the local gateway runs.
 */
const unsetForm =
  /^(?:customDomain\.basePathMatched|identity\.(?:accountId|caller|cognito\w+|principalOrgId|user|userArn|clientCert\.[\w.]+))$/;

/**
 * Finds the variable with a name, without `context.` before it.
 * @returns undefined when HTTP APIs have no such variable
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export function contextVariable(name: string): Variable<ContextSource> | undefined {
  const claim = claimForm.exec(name)?.[1];
  if (claim !== undefined) return ({ claims }) => (claims && Object.hasOwn(claims, claim) ? claims[claim] : undefined);
  if (Object.hasOwn(variables, name)) return variables[name];
  const property = authorizerForm.exec(name)?.[1];
  if (property !== undefined) return ({ authorizerContext }) => contextText(authorizerContext, property);
  return unsetForm.test(name) ? () => undefined : undefined;
}

/** Returns a value of a Lambda authorizer's context as text; objects as JSON. */
function contextText(context: ContextSource["authorizerContext"], name: string): string | undefined {
  const value = context && Object.hasOwn(context, name) ? context[name] : undefined;
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
