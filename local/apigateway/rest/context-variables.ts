import { commonLogTime } from "../log-time";
import type { Variable } from "../template";
import type { RestExchange } from "./exchange";
import { lastValue } from "./headers";

type RestVariable = Variable<RestExchange>;

const round = (milliseconds: number | undefined) => (milliseconds === undefined ? undefined : Math.round(milliseconds));

/** What templates, mappings, functions and logs can read. */
const requestVariables: Readonly<Record<string, RestVariable>> = {
  accountId: ({ api }) => api.accountId,
  apiId: ({ api }) => api.apiId,
  deploymentId: ({ stage }) => stage.deploymentId,
  domainName: (exchange) => exchange.domainName,
  // On this machine the host may be a loopback address, which has no such part.
  domainPrefix: ({ domainName, api }) => (/[a-z]\./i.test(domainName) ? domainName.split(".")[0] : api.apiId),
  extendedRequestId: (exchange) => exchange.extendedRequestId,
  httpMethod: (exchange) => exchange.httpMethod,
  path: (exchange) => exchange.contextPath,
  protocol: ({ req }) => `HTTP/${req.httpVersion}`,
  requestId: (exchange) => exchange.requestId,
  requestTime: ({ timeEpoch }) => commonLogTime(timeEpoch),
  requestTimeEpoch: ({ timeEpoch }) => Math.floor(timeEpoch),
  resourceId: ({ method }) => method?.resourceId,
  resourcePath: ({ method }) => method?.path,
  stage: ({ stage }) => stage.name,
};

/** Of `$context.identity`; what only IAM, Cognito identities and mutual TLS set has no value here. */
const identityVariables: Readonly<Record<string, RestVariable>> = {
  ...Object.fromEntries(
    [
      ...["accessKey", "accountId", "caller", "cognitoAuthenticationProvider", "cognitoAuthenticationType"],
      ...["cognitoIdentityId", "cognitoIdentityPoolId", "principalOrgId", "user", "userArn"],
    ].map((name) => [name, () => undefined]),
  ),
  sourceIp: ({ sourceIp }) => sourceIp,
  userAgent: ({ headers }) => lastValue(headers, "user-agent"),
};

const keyVariables: Readonly<Record<string, RestVariable>> = {
  apiKey: ({ apiKey }) => apiKey?.value,
  apiKeyId: ({ apiKey }) => apiKey?.id,
};

/** What only logs, and answers of the gateway itself, can read. */
const logVariables: Readonly<Record<string, RestVariable>> = {
  awsEndpointRequestId: () => undefined,
  "authorize.error": () => undefined,
  "authorize.latency": () => undefined,
  "authorize.status": () => undefined,
  "authorizer.error": (exchange) => exchange.authorizerError,
  "authorizer.integrationLatency": (exchange) => round(exchange.authorizerMilliseconds),
  "authorizer.integrationStatus": (exchange) => exchange.authorizerStatus,
  "authorizer.latency": (exchange) => round(exchange.authorizerMilliseconds),
  "authorizer.requestId": () => undefined,
  "authorizer.status": (exchange) => exchange.authorizerStatus,
  customDomain: () => undefined,
  "error.message": ({ error }) => error?.text ?? undefined,
  "error.messageString": ({ error }) => error && JSON.stringify(error.text),
  "error.responseType": ({ error }) => error?.type,
  "error.validationErrorString": ({ error }) => error?.details.validation,
  "integration.error": (exchange) => exchange.integrationError,
  "integration.integrationStatus": (exchange) => exchange.endpointStatus,
  "integration.latency": (exchange) => round(exchange.integrationMilliseconds),
  "integration.requestId": () => undefined,
  "integration.status": (exchange) => exchange.integrationStatus,
  integrationErrorMessage: (exchange) => exchange.integrationError,
  integrationLatency: (exchange) => round(exchange.integrationMilliseconds),
  integrationStatus: (exchange) => exchange.endpointStatus,
  isCanaryRequest: ({ isCanary }) => (isCanary === undefined ? undefined : String(isCanary)),
  responseLatency: ({ clock, startedAt }) => round(clock.monotonic() - startedAt),
  responseLength: (exchange) => exchange.responseLength,
  status: ({ res }) => (res.headersSent ? res.statusCode : undefined),
  wafResponseCode: () => undefined,
  webaclArn: () => undefined,
  xrayTraceId: ({ trace }) => /Root=([^;]+)/.exec(trace)?.[1],
};

const unsetForm =
  /^(?:authenticate\.\w+|customDomain\.basePathMatched|identity\.(?:clientCert\.[\w.]+|vpcId|vpceId)|waf\.\w+)$/;

/**
 * Finds the variable with a name, without `context.` before it.
 * @returns undefined when REST APIs have no such variable
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
export function restVariable(name: string): RestVariable | undefined {
  const identity = /^identity\.(.+)$/.exec(name)?.[1] ?? "";
  for (const [table, key] of [
    [requestVariables, name],
    [logVariables, name],
    [identityVariables, identity],
    [keyVariables, identity],
  ] as const) {
    if (Object.hasOwn(table, key)) return table[key];
  }
  const path = /^authorizer\.(.+)$/.exec(name)?.[1]?.split(".");
  if (path !== undefined) return (exchange) => textAt(exchange.authorizer?.context, path);
  return unsetForm.test(name) ? () => undefined : undefined;
}

function textAt(value: unknown, [name, ...rest]: readonly string[]): string | undefined {
  if (name === undefined) return value === undefined || value === null ? undefined : String(value);
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return textAt((value as Record<string, unknown>)[name], rest);
}

/** Returns `$context` as functions get it in `requestContext`: what has no value is null in the identity, else left out. */
export function requestContext(exchange: RestExchange): Record<string, unknown> {
  const values = (table: Readonly<Record<string, RestVariable>>) =>
    Object.entries(table).map(([name, read]) => [name, read(exchange)] as const);
  const identity = values(exchange.apiKey ? { ...identityVariables, ...keyVariables } : identityVariables);
  return {
    ...Object.fromEntries(values(requestVariables).filter(([, value]) => value !== undefined)),
    identity: Object.fromEntries(identity.map(([name, value]) => [name, value ?? null])),
    ...(exchange.authorizer && { authorizer: exchange.authorizer.context }),
    ...(exchange.isCanary !== undefined && { isCanaryRequest: String(exchange.isCanary) }),
  };
}
