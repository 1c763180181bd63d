import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { createRequire } from "node:module";
import type { SignedRequest } from "../../../../local/iam/sigv4/canonical-request";

/** A request to be signed. */
export interface Unsigned {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  /** By name in lower case, with `host`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Options of `sign`. */
export interface SignerOptions {
  readonly service?: string;
  readonly region?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  readonly at?: Date;
  /** Signs the URL instead, for this long. */
  readonly expiresIn?: number;
}

export const host = "k2j9.execute-api.eu-west-1.amazonaws.com";
export const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "a secret", sessionToken: "a/token==" };
export const signedAt = new Date("2031-05-06T07:08:09Z");

/** The signer of AWS's clients, as they have it. */
const { SignatureV4 } = createRequire(require.resolve("@aws-sdk/client-dynamodb"))("@smithy/signature-v4");

class Sha256 {
  private readonly hash: Hash | Hmac;

  constructor(secret?: string | Uint8Array) {
    this.hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret);
  }

  update(data: string | Uint8Array): void {
    this.hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.hash.digest());
  }
}

/** Encodes a text as AWS's clients do in paths and queries. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Signs a request as AWS's clients do, and returns it as a server receives it. */
export async function sign(request: Unsigned, options: SignerOptions = {}): Promise<SignedRequest> {
  const { service = "execute-api", region = "eu-west-1", at = signedAt, expiresIn, ...own } = options;
  const signer = new SignatureV4({
    credentials: { ...keys, ...own },
    ...{ region, service, sha256: Sha256, uriEscapePath: service !== "s3", applyChecksum: service === "s3" },
  });
  const { body = "", query = {}, headers, ...rest } = request;
  const hostname = headers["host"]!;
  const given = { ...rest, protocol: "https:", hostname, query: { ...query }, headers: { ...headers }, body };
  const signed =
    expiresIn === undefined
      ? await signer.sign(given, { signingDate: at })
      : await signer.presign(given, { signingDate: at, expiresIn });
  const pairs = Object.entries<string | readonly string[]>(signed.query ?? {}).flatMap(([name, values]) =>
    [values].flat().map((value) => `${encoded(name)}=${encoded(value as string)}`),
  );
  return {
    method: signed.method,
    url: signed.path + (pairs.length > 0 ? `?${pairs.join("&")}` : ""),
    rawHeaders: Object.entries<string>(signed.headers).flat(),
    body,
  };
}

/** Returns a request with another value of a header, or without it. */
export function withHeader(request: SignedRequest, name: string, value: string | undefined): SignedRequest {
  const at = request.rawHeaders.findIndex((each, i) => i % 2 === 0 && each.toLowerCase() === name);
  const own = at < 0 ? request.rawHeaders : request.rawHeaders.toSpliced(at, 2);
  return { ...request, rawHeaders: value === undefined ? own : [...own, name, value] };
}

export function headerOf({ rawHeaders }: SignedRequest, name: string): string {
  return rawHeaders[rawHeaders.findIndex((each, i) => i % 2 === 0 && each.toLowerCase() === name) + 1]!;
}
