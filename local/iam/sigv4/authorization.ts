import { createHash } from "node:crypto";
import type { HeaderValues } from "./canonical-request";
import { decodedBytes } from "./canonical-request";
import { SignatureError } from "./signature-error";

/** Whose key a signature is made with, and what the key is good for. */
export interface CredentialScope {
  readonly accessKeyId: string;
  /** @example "20150830" */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** What a request says of its signature, in the header `Authorization` or in its query. */
export interface Authorization {
  readonly scope: CredentialScope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** When it was signed. @example "20150830T123600Z" */
  readonly time: string;
  readonly sessionToken: string | undefined;
  /** How long the signature of a URL is valid; undefined for a header. */
  readonly expiresSeconds: number | undefined;
}

/** Name of the only algorithm of signatures that is known here. */
export const algorithm = "AWS4-HMAC-SHA256";
const signatureParameter = "X-Amz-Signature";
const maxExpiresSeconds = 7 * 24 * 60 * 60;

/** Names and values of a query, as they were sent. */
export type Query = readonly (readonly [name: string, value: string])[];

/** Returns whether a request is signed by its query. */
export function isPresigned(query: Query): boolean {
  return query.some(([name]) => name === signatureParameter || name === "X-Amz-Algorithm");
}

/** Returns the part of a query that is signed. */
export function signedQuery(query: Query): Query {
  return query.filter(([name]) => name !== signatureParameter);
}

/**
 * Reads the header `Authorization`.
 * @throws {SignatureError} when there is none, or a part is missing
 */
export function authorizationOfHeader(headers: HeaderValues): Authorization {
  const given = headers.get("authorization") ?? [];
  const header = (given.length === 1 ? given[0]! : given.join(",")).trim();
  if (header === "") throw new SignatureError("MissingAuthenticationTokenException", "Missing Authentication Token");
  const space = header.indexOf(" ");
  const parts = new Map<string, string>();
  if (header.startsWith(`${algorithm} `)) {
    for (const part of wordsOf(header.slice(space + 1))) {
      const at = part.indexOf("=");
      const name = part.slice(0, at);
      if (at < 1 || parts.has(name)) throw notAPair(part);
      parts.set(name, part.slice(at + 1));
    }
  } else if (space >= 0) {
    throw notAPair(header.slice(space + 1));
  }
  const time = onlyValue(headers, "x-amz-date") ?? timeOfDate(onlyValue(headers, "date"));
  const credential = parts.get("Credential");
  const signedHeaders = parts.get("SignedHeaders");
  const signature = parts.get("Signature");
  if (!credential || !signedHeaders || !signature || time === undefined) throw incomplete(parts, time, header);
  return {
    scope: scopeOf(credential),
    signedHeaders: signedHeaders.split(";"),
    signature,
    time,
    sessionToken: onlyValue(headers, "x-amz-security-token"),
    expiresSeconds: undefined,
  };
}

/** Splits a text at commas and spaces. */
function wordsOf(text: string): string[] {
  const words = text.split(",").map((word) => word.trim());
  return words.some((word) => word === "" || /\s/.test(word))
    ? text.split(/[,\s]+/).filter((word) => word !== "")
    : words;
}

function incomplete(parts: ReadonlyMap<string, string>, time: string | undefined, header: string): SignatureError {
  const missing = ["Credential", "Signature", "SignedHeaders"]
    .filter((each) => !parts.get(each))
    .map((each) => `Authorization header requires '${each}' parameter.`);
  if (time === undefined) {
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  missing.push(`(Hashed with SHA-256 and encoded with Base64) Authorization=${hashed(header)}`);
  return new SignatureError("IncompleteSignatureException", missing.join(" "));
}

/**
 * Reads the parameters of a URL that is signed.
 * @throws {SignatureError} when a part is missing
 */
export function authorizationOfQuery(query: Query): Authorization {
  const value = (name: string): string | undefined => {
    const values = query.filter(([each]) => each === name);
    return values.length === 1 ? decodedBytes(values[0]![1]) : undefined;
  };
  const required = ["Algorithm", "Credential", "Signature", "SignedHeaders", "Date", "Expires"];
  const missing = required
    .filter((name) => !value(`X-Amz-${name}`))
    .map((name) => `AWS query-string parameters must include 'X-Amz-${name}'.`);
  if (missing.length > 0) throw new SignatureError("IncompleteSignatureException", missing.join(" "));
  if (value("X-Amz-Algorithm") !== algorithm) {
    throw new SignatureError("IncompleteSignatureException", "Unsupported AWS 'algorithm'");
  }
  const expires = value("X-Amz-Expires")!;
  if (!/^\d{1,6}$/.test(expires) || Number(expires) > maxExpiresSeconds) {
    throw new SignatureError("IncompleteSignatureException", "X-Amz-Expires must be less than a week (in seconds)");
  }
  return {
    scope: scopeOf(value("X-Amz-Credential")!),
    signedHeaders: value("X-Amz-SignedHeaders")!.split(";"),
    signature: value(signatureParameter)!,
    time: value("X-Amz-Date")!,
    sessionToken: value("X-Amz-Security-Token"),
    expiresSeconds: Number(expires),
  };
}

function scopeOf(credential: string): CredentialScope {
  const parts = credential.split("/");
  if (parts.length !== 5 || parts[0] === "") {
    const message = "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term";
    throw new SignatureError("IncompleteSignatureException", `${message}, got '${credential}'.`);
  }
  if (parts[4] !== "aws4_request") {
    const message = "Credential should be scoped with a valid terminator: 'aws4_request', not";
    throw new SignatureError("InvalidSignatureException", `${message} '${parts[4]}'.`);
  }
  return { accessKeyId: parts[0]!, date: parts[1]!, region: parts[2]!, service: parts[3]! };
}

/** Several headers of one name say nothing that can be relied on. */
function onlyValue(headers: HeaderValues, name: string): string | undefined {
  const values = headers.get(name);
  return values?.length === 1 ? values[0]!.trim() : undefined;
}

function timeOfDate(date: string | undefined): string | undefined {
  if (date === undefined || /^\d{8}T\d{6}Z$/.test(date)) return date;
  const milliseconds = Date.parse(date);
  if (Number.isNaN(milliseconds)) return undefined;
  return new Date(milliseconds).toISOString().replace(/[:-]|\.\d{3}/g, "");
}

function notAPair(part: string): SignatureError {
  const message = "Invalid key=value pair (missing equal-sign) in Authorization header";
  return new SignatureError(
    "IncompleteSignatureException",
    `${message} (hashed with SHA-256 and encoded with Base64): '${hashed(part)}'.`,
  );
}

/** The header may be a password or a token: its hash is shown instead. */
function hashed(text: string): string {
  return createHash("sha256").update(text, "latin1").digest("base64");
}
