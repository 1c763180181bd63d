import { algorithm } from "./authorization";
import { canonicalRequest, headerValues, queryPairs, sha256 } from "./canonical-request";
import { SigningKeys, signatureOf, stringToSign } from "./signing-keys";

/** Credentials to sign with. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** @default permanent credentials, which have none */
  readonly sessionToken?: string;
}

/** What of a request is signed. */
interface ToSign {
  readonly method: string;
  /** Path and query, as they will be sent. @default "/" */
  readonly url?: string;
  /** By name in lower case, `host` included. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

const keys = new SigningKeys();

/**
 * Returns the given headers of a request of the platform itself to one of its servers, with those of a signature. The
 * request may have others, which are not signed then.
 */
export function signedHeaders(
  { method, url = "/", headers: given, body }: ToSign,
  { accessKeyId, secretAccessKey, sessionToken }: Keys,
  { region, service }: { readonly region: string; readonly service: string },
): Record<string, string> {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const headers: Record<string, string> = { ...given, "x-amz-date": time };
  if (sessionToken !== undefined) headers["x-amz-security-token"] = sessionToken;
  const payloadHash = sha256(body);
  if (service === "s3") headers["x-amz-content-sha256"] = payloadHash;
  const [path = "", query = ""] = url.split("?", 2);
  const names = Object.keys(headers).sort();
  const scope = { accessKeyId, date: time.slice(0, 8), region, service };
  const canonical = canonicalRequest({
    ...{ method, path, query: queryPairs(query), signedHeaders: names, s3: service === "s3" },
    headers: headerValues(Object.entries(headers).flat()),
    payloadHash,
  });
  const text = stringToSign(time, scope, sha256(Buffer.from(canonical, "latin1")));
  const signature = signatureOf(keys.keyOf(secretAccessKey, scope), text);
  const credential = `${accessKeyId}/${scope.date}/${region}/${service}/aws4_request`;
  return {
    ...headers,
    authorization: `${algorithm} Credential=${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}
