import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

/*
 * A self-signed certificate, made for one run: no key is kept in the repository and no other program is needed.
 * @see https://www.rfc-editor.org/rfc/rfc5280
 */

const ecdsaWithSha256 = "06082a8648ce3d040302";
const subjectAltName = "0603551d11";
const commonName = "0603550403";

/** Makes a key and a certificate for names, valid from yesterday for so many days. */
export function certificateFor(names: readonly string[], days = 90): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const algorithm = sequence(Buffer.from(ecdsaWithSha256, "hex"));
  const subject = sequence(der(0x31, sequence(Buffer.from(commonName, "hex"), der(0x0c, Buffer.from(names[0]!)))));
  const altNames = sequence(...names.map((name) => der(0x82, Buffer.from(name))));
  const extension = sequence(Buffer.from(subjectAltName, "hex"), der(0x04, altNames));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    subject,
    sequence(time(-1), time(days)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(extension)),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign("sha256", body, privateKey)]);
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    cert: pem(sequence(body, algorithm, der(0x03, signature))),
  };
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

/** UTCTime, days from now. */
function time(days: number): Buffer {
  const text = new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]|\.\d+/g, "");
  return der(0x17, Buffer.from(text.slice(2)));
}

function pem(content: Buffer): string {
  const lines = content.toString("base64").match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
