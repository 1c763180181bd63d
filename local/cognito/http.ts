import type { IncomingMessage, ServerResponse } from "node:http";
import { OAuthError, type OAuthParameters, SignInPageError } from "./oauth";

const maxFormBytes = 16 * 1_024;

/**
 * Reads the parameters of a query.
 * @throws {SignInPageError} on a parameter given twice
 */
export function queryParameters(query: string): OAuthParameters {
  return parametersOf(query, new SignInPageError("every parameter must be given once"));
}

/**
 * Reads the parameters of a form.
 * @throws {OAuthError} on another content type, a body over 16 KB or a parameter given twice
 */
export async function formParameters(req: IncomingMessage): Promise<OAuthParameters> {
  const type = req.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") throw new OAuthError("invalid_request");
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req) {
    bytes += chunk.length;
    if (bytes > maxFormBytes) throw new OAuthError("invalid_request");
    chunks.push(chunk);
  }
  return parametersOf(Buffer.concat(chunks).toString(), new OAuthError("invalid_request"));
}

function parametersOf(form: string, twice: Error): OAuthParameters {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(form)) {
    if (parameters.has(name)) throw twice;
    parameters.set(name, value);
  }
  return Object.fromEntries(parameters);
}

/** Reads id and secret of a client from the Authorization header; undefined without Basic authentication. */
export function basicOf({ headers }: IncomingMessage): readonly [id: string, secret: string] | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [id = "", ...secret] = Buffer.from(encoded, "base64").toString().split(":");
  return [id, secret.join(":")].map(decoded) as [string, string];
}

/** Decodes a part of Basic credentials, which OAuth clients encode as a form (RFC 6749, 2.3.1). */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll("+", " "));
  } catch {
    return part;
  }
}

/** Reads a cookie of a request. */
export function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  const pairs = (headers.cookie ?? "").split(";").map((pair) => pair.trim().split("="));
  return pairs.find(([key]) => key === name)?.[1];
}

/** Answers with JSON that no cache keeps. */
export function sendJson(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" }).end(JSON.stringify(body));
}

/** Redirects to a URL, with parameters added to its query. */
export function redirect(res: ServerResponse, to: string, parameters: OAuthParameters = {}): void {
  const url = new URL(to);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  res.writeHead(302, { location: url.href, "cache-control": "no-store" }).end();
}
