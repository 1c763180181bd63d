import { hash } from "node:crypto";

/** A request as it was received. URL and headers have a character per byte, as Node's parser gives them. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  /** Names and values in turn, with duplicates. @see IncomingMessage.rawHeaders */
  readonly rawHeaders: readonly string[];
  /** A text is one of UTF-8. */
  readonly body: Uint8Array | string;
}

/** Values of every header by name in lower case, in the order in which they were sent. */
export type HeaderValues = ReadonlyMap<string, readonly string[]>;

/** Reads a list of names and values. */
export function headerValues(rawHeaders: readonly string[]): HeaderValues {
  const values = new Map<string, string[]>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    const known = values.get(name);
    if (known === undefined) values.set(name, [rawHeaders[i + 1]!]);
    else known.push(rawHeaders[i + 1]!);
  }
  return values;
}

/** What of a request is signed. */
export interface SignedParts {
  readonly method: string;
  readonly path: string;
  /** Names and values as they were sent, without that of the signature. */
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: HeaderValues;
  /** In lower case and in order. */
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
  /** S3 encodes a path once and takes it as it is; other services take away empty and dot segments, and encode it twice. */
  readonly s3: boolean;
}

/**
 * Returns the text whose hash is signed.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function canonicalRequest({
  method,
  path,
  query,
  headers,
  signedHeaders,
  payloadHash,
  s3,
}: SignedParts): string {
  let lines = `${method}\n${s3 ? encodedOnce(path) : normalized(path)}\n${canonicalQuery(query)}\n`;
  for (const name of signedHeaders) lines += `${name}:${canonicalValue(headers.get(name) ?? [])}\n`;
  return `${lines}\n${signedHeaders.join(";")}\n${payloadHash}`;
}

/** Splits the query of a URL, decoding nothing. */
export function queryPairs(query: string): [name: string, value: string][] {
  if (query === "") return [];
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    });
}

/** Decodes what a URL has as bytes; what is not encoded rightly stays as it is. `+` is a space in a query. */
export function decodedBytes(text: string): string {
  return text.includes("%")
    ? text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
}

/** Returns the SHA-256 of bytes, or of a text in UTF-8, in hexadecimal. */
export function sha256(data: Uint8Array | string): string {
  return hash("sha256", data, "hex");
}

function canonicalQuery(query: SignedParts["query"]): string {
  if (query.length === 0) return "";
  const encoded = query.map(
    ([name, value]) =>
      [
        uriEncoded(decodedBytes(name.replaceAll("+", " "))),
        uriEncoded(decodedBytes(value.replaceAll("+", " "))),
      ] as const,
  );
  encoded.sort(([a, x], [b, y]) => order(a, b) || order(x, y));
  return encoded.map(([name, value]) => `${name}=${value}`).join("&");
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function canonicalValue(values: readonly string[]): string {
  return values.length === 1 ? trimmed(values[0]!) : values.map(trimmed).join(",");
}

/** Most values need nothing. */
function trimmed(value: string): string {
  const plain =
    value.charCodeAt(0) > 32 &&
    value.charCodeAt(value.length - 1) > 32 &&
    !value.includes("  ") &&
    !value.includes("\t");
  return plain ? value : value.trim().replace(/\s+/g, " ");
}

function encodedOnce(path: string): string {
  return uriEncoded(decodedBytes(path), true) || "/";
}

function normalized(path: string): string {
  if (plainPath.test(path)) return path;
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  const end = segments.length > 0 && /\/\.{0,2}$/.test(path) ? "/" : "";
  return `/${uriEncoded(segments.join("/"), true)}${end}`;
}

/** A path that stays as it is: no dot segment, no empty one, nothing to encode. */
const plainPath = /^(?:\/|(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+\/?)$/;
const unreserved = /^[A-Za-z0-9._~-]*$/;

/** Encodes every byte but letters, digits and `-._~`, and `/` if it is to be kept. */
function uriEncoded(bytes: string, keepSlash = false): string {
  if (unreserved.test(bytes)) return bytes;
  return bytes.replace(/[^A-Za-z0-9._~-]/g, (byte) => {
    if (keepSlash && byte === "/") return byte;
    return `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  });
}
