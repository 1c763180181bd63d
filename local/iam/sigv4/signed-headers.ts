import { algorithm } from "./authorization";
import { canonicalRequest, headerValues, sha256 } from "./canonical-request";
import { SigningKeys, signatureOf, stringToSign } from "./signing-keys";

/** Permanent credentials. */
export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const keys = new SigningKeys();

/**
 * Returns the headers of a request of the platform itself to one of its servers, with a signature.
 * @param headers  all that will be sent but those of the signature, by name in lower case, `host` included
 */
export function signedHeaders(
  request: { readonly method: string; readonly headers: Readonly<Record<string, string>>; readonly body: string },
  { accessKeyId, secretAccessKey }: KeyPair,
  { region, service }: { readonly region: string; readonly service: string },
): Record<string, string> {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const headers = { ...request.headers, "x-amz-date": time };
  const names = Object.keys(headers).sort();
  const scope = { accessKeyId, date: time.slice(0, 8), region, service };
  const canonical = canonicalRequest({
    ...{ method: request.method, path: "/", query: [], signedHeaders: names, s3: false },
    headers: headerValues(Object.entries(headers).flat()),
    payloadHash: sha256(Buffer.from(request.body)),
  });
  const text = stringToSign(time, scope, sha256(Buffer.from(canonical, "latin1")));
  const signature = signatureOf(keys.keyOf(secretAccessKey, scope), text);
  const credential = `${accessKeyId}/${scope.date}/${region}/${service}/aws4_request`;
  return {
    ...headers,
    authorization: `${algorithm} Credential=${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}
