import type { IncomingMessage, ServerResponse } from "node:http";

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
  readonly sourceIp: string;
  readonly stage: { readonly name: string } | undefined;
  readonly route: { readonly key: string } | undefined;
  readonly claims: Readonly<Record<string, string>> | undefined;
  readonly authorizerError: string | undefined;
  readonly integrationMilliseconds: number | undefined;
  readonly integrationStatus: number | undefined;
  readonly integrationError: string | undefined;
  readonly responseLength: number;
}

/** A function that reads one `$context` variable of a request; undefined where the request does not have the value. */
export type ContextVariable = (exchange: ContextSource) => string | number | undefined;

const round = (milliseconds: number | undefined) => (milliseconds === undefined ? undefined : Math.round(milliseconds));

const variables: Readonly<Record<string, ContextVariable>> = {
  accountId: ({ api }) => api.accountId,
  apiId: ({ api }) => api.apiId,
  "authorizer.error": (exchange) => exchange.authorizerError,
  domainName: (exchange) => exchange.domainName,
  domainPrefix: (exchange) => exchange.domainName.split(".")[0],
  extendedRequestId: (exchange) => exchange.requestId,
  httpMethod: (exchange) => exchange.method,
  "identity.sourceIp": (exchange) => exchange.sourceIp,
  "identity.userAgent": ({ req }) => req.headers["user-agent"],
  "integration.latency": (exchange) => round(exchange.integrationMilliseconds),
  "integration.status": (exchange) => exchange.integrationStatus,
  integrationErrorMessage: (exchange) => exchange.integrationError,
  integrationLatency: (exchange) => round(exchange.integrationMilliseconds),
  integrationStatus: (exchange) => exchange.integrationStatus,
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
const variableForm = /\$\{context\.([^}]+)\}|\$context\.([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_:-]+)*)/g;

/**
 * Splits a text with `$context.name` or `${context.name}` in it into literal texts and variables.
 * @param refuse  called with a text that begins with `$` and is not a variable that HTTP APIs have
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export function compileTemplate(
  text: string,
  refuse: (variable: string) => never,
): readonly (string | ContextVariable)[] {
  const parts: (string | ContextVariable)[] = [];
  let end = 0;
  for (const found of text.matchAll(variableForm)) {
    parts.push(text.slice(end, found.index), variable(found[1] ?? found[2] ?? "") ?? refuse(found[0]));
    end = found.index + found[0].length;
  }
  parts.push(text.slice(end));
  const left = parts.find((part) => typeof part === "string" && part.includes("$"));
  if (left !== undefined) refuse(String(left));
  return parts.filter((part) => part !== "");
}

function variable(name: string): ContextVariable | undefined {
  const claim = claimForm.exec(name)?.[1];
  if (claim !== undefined) return ({ claims }) => (claims && Object.hasOwn(claims, claim) ? claims[claim] : undefined);
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (number: number) => String(number).padStart(2, "0");
let lastSecond = Number.NaN;
let lastTime = "";

/**
 * Formats a time as the Common Log Format does.
 * @example commonLogTime(1_584_039_838_000) // "12/Mar/2020:19:03:58 +0000"
 */
export function commonLogTime(epochMilliseconds: number): string {
  const second = Math.floor(epochMilliseconds / 1_000);
  if (second === lastSecond) return lastTime;
  const date = new Date(second * 1_000);
  const day = `${two(date.getUTCDate())}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}`;
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(":");
  lastSecond = second;
  lastTime = `${day}:${time} +0000`;
  return lastTime;
}
