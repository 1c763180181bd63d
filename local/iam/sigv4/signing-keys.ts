import { createHmac } from "node:crypto";
import { algorithm, type CredentialScope } from "./authorization";

const maxKeys = 1_000;

/** The keys that requests are signed with: one for each secret, day, region and service. */
export class SigningKeys {
  private readonly known = new Map<string, Buffer>();

  /** Returns the key of a secret for a day, region and service. */
  keyOf(secret: string, { date, region, service }: CredentialScope): Buffer {
    const name = `${date}/${region}/${service}/${secret}`;
    let key = this.known.get(name);
    if (key === undefined) {
      key = [date, region, service, "aws4_request"].reduce<Buffer>(
        (above, part) => hmac(above, part).digest(),
        Buffer.from(`AWS4${secret}`),
      );
      if (this.known.size >= maxKeys) this.known.clear();
      this.known.set(name, key);
    }
    return key;
  }
}

/** Returns the text that is signed. @param requestHash  hash of the canonical request, in hexadecimal */
export function stringToSign(time: string, { date, region, service }: CredentialScope, requestHash: string): string {
  return `${algorithm}\n${time}\n${date}/${region}/${service}/aws4_request\n${requestHash}`;
}

/** Returns the signature of a text, in hexadecimal. */
export function signatureOf(key: Buffer, text: string): string {
  return hmac(key, text).digest("hex");
}

function hmac(key: Buffer, text: string) {
  return createHmac("sha256", key).update(text);
}
