import { hostNameProblem, isInnerHost } from "./host-names";

/**
 * Entries that lists of URLs have at most: origins of browsers, and where the sign-in page returns to, which Cognito
 * limits.
 */
export const mostUrls = { origins: 20, callbackUrls: 100, logoutUrls: 100 };

/** The parts of a URL that rules look at. */
export interface UrlParts {
  readonly scheme: string;
  readonly host: string;
  /** @default the scheme's own */
  readonly port?: number;
  /** All that follows host and port; empty for an origin. */
  readonly rest: string;
}

/**
 * Splits a URL as it is written. The platform's URL class would change it: `https://2130706433` becomes
 * `https://127.0.0.1`.
 */
export function urlParts(url: string): UrlParts | undefined {
  const found = /^(?<scheme>https?):\/\/(?<host>[^/:?#@\\\s]+)(?::(?<port>[1-9]\d*))?(?<rest>\/[^\s]*)?$/.exec(
    url,
  )?.groups;
  if (found === undefined) return undefined;
  const { scheme, host, port, rest = "" } = found as Record<string, string>;
  return { scheme: scheme!, host: host!, rest, ...(port === undefined ? {} : { port: Number(port) }) };
}

/** Returns what is wrong with the host and the port of a URL; undefined when nothing is. */
function endpointProblem({ host, port }: UrlParts): string | undefined {
  if (port !== undefined && port > 65_535) return "must have a port from 1 to 65535";
  if (hostNameProblem(host) !== undefined) return "must have a valid lower-case host name, such as app.example.com";
  // The last label of a name is never a number, and an address has four numbers.
  const numeric = /^(0x[0-9a-f]*|\d+)$/.test(host.slice(host.lastIndexOf(".") + 1));
  if (numeric && !isIpv4(host)) return "must have a valid host name, or an address of four numbers up to 255";
  return undefined;
}

function isIpv4(host: string): boolean {
  const numbers = host.split(".");
  return numbers.length === 4 && numbers.every((each) => /^(0|[1-9]\d{0,2})$/.test(each) && Number(each) <= 255);
}

/** Returns what is wrong with an origin that browsers may send requests from. */
export function originProblem(origin: string): string | undefined {
  const form = "must be an exact origin such as https://app.example.com, never *";
  const parts = urlParts(origin);
  if (parts === undefined || parts.rest !== "" || !isSecureOrLocal(parts)) return form;
  return endpointProblem(parts);
}

/**
 * Returns what is wrong with a URL that the sign-in page returns to. Cognito takes no fragment, and plain HTTP for
 * localhost only.
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
 */
export function signInUrlProblem(url: string): string | undefined {
  const form = "must be an exact https URL (http for localhost only)";
  if (url.length > 1024) return "must be at most 1024 characters";
  const parts = urlParts(url);
  if (parts === undefined || !/^\/[\w./-]*$/.test(parts.rest) || !isSecureOrLocal(parts)) return form;
  return endpointProblem(parts);
}

/**
 * Returns what is wrong with the URL of an endpoint outside the platform, which API Gateway requests over the internet.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
 */
export function legacyUrlProblem(url: string): string | undefined {
  if (url.length > 1024) return "must be at most 1024 characters";
  const parts = urlParts(url);
  if (parts === undefined || parts.scheme !== "https" || !/^(\/([\w./-]|\{\w+\})*)?$/.test(parts.rest)) {
    return "must be an https URL without query";
  }
  if (parts.port !== undefined && parts.port < 1024 && parts.port !== 80 && parts.port !== 443) {
    return "must have a port that API Gateway connects to: 80, 443 or 1024 to 65535";
  }
  return publicHostProblem(parts);
}

/** Returns what is wrong with the URL of a token issuer, or of its keys: the same, without placeholders. */
export function issuerUrlProblem(url: string): string | undefined {
  return url.includes("{") ? "must be an https URL without placeholders" : legacyUrlProblem(url);
}

/** Returns what is wrong with a URL that AWS requests over the internet. */
export function publicHostProblem(parts: UrlParts): string | undefined {
  const problem = endpointProblem(parts);
  if (problem !== undefined) return problem;
  return isInnerHost(parts.host) ? "must have a host that AWS reaches over the internet" : undefined;
}

function isSecureOrLocal({ scheme, host }: UrlParts): boolean {
  return scheme === "https" || host === "localhost";
}
