/** Longest token that is read, in characters. */
const maxTokenLength = 8_192;
const bearer = /^Bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/;

/** The headers of a REST API's authorizer event. */
export interface EventHeaders {
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
}

/**
 * Returns the token of a request: exactly one Authorization header, `Bearer`, one space, three parts of canonical
 * base64url, at most 8,192 characters. Its length is checked before anything is decoded.
 * @param header  in lower case; in another one than Authorization the token may stand alone
 * @returns undefined when the request has no such header, or anything else in it
 */
export function bearerToken(
  { headers, multiValueHeaders }: EventHeaders,
  header = "authorization",
): string | undefined {
  const values = Object.entries(multiValueHeaders ?? {})
    .filter(([name]) => name.toLowerCase() === header)
    .flatMap(([, each]) => each ?? []);
  const single = Object.entries(headers ?? {}).filter(([name]) => name.toLowerCase() === header);
  if (values.length > 1 || single.length > 1) return undefined;
  const value = values[0] ?? single[0]?.[1];
  if (value === undefined || value.length > maxTokenLength + "Bearer ".length) return undefined;
  const written = header === "authorization" || value.startsWith("Bearer ") ? value : `Bearer ${value}`;
  const token = bearer.exec(written)?.[1];
  return token?.split(".").every(isCanonical) ? token : undefined;
}

/**
 * Tells whether the unused bits of a base64url text are zero. Otherwise several texts would be the same token, and
 * each would be a new entry of API Gateway's authorizer cache.
 */
function isCanonical(part: string): boolean {
  const unused = part.length % 4;
  if (unused === 0) return true;
  if (unused === 1) return false;
  return (alphabet.indexOf(part[part.length - 1]!) & (unused === 2 ? 0b1111 : 0b11)) === 0;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
