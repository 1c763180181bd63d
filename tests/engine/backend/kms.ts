import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from "node:crypto";
import { type Answer, type Ask, notBuilt, Refusal } from "./protocol";

const ACCOUNT = "123456789012";
const IV_BYTES = 12;
const TAG_BYTES = 16;
const ID_BYTES = 36;

export interface Key {
  readonly arn: string;
  readonly alias: string;
  readonly id: string;
  readonly region: string;
  readonly material: Buffer;
}

/** KMS as far as Pulumi's `awskms://` secrets provider needs it; encrypts for real, with a key for every alias. */
export class Kms {
  private readonly keys: Key[] = [];

  /** @param alias  with `alias/` before it */
  addKey(alias: string, region: string): Key {
    const id = randomUUID();
    const key = { arn: arnOf(region, `key/${id}`), alias, id, region, material: randomBytes(32) };
    this.keys.push(key);
    return key;
  }

  answer({ headers, body, region }: Ask): Answer {
    const operation = String(headers["x-amz-target"]).replace("TrentService.", "");
    try {
      return json(200, this.operate(operation, JSON.parse(String(body)), region));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return json(error.status, { __type: error.code, message: error.message });
    }
  }

  private operate(operation: string, input: Record<string, any>, region: string): object {
    switch (operation) {
      case "Encrypt": {
        const key = this.named(input["KeyId"], region);
        const CiphertextBlob = encrypt(key, Buffer.from(input["Plaintext"], "base64"), input["EncryptionContext"]);
        return { CiphertextBlob, KeyId: key.arn, EncryptionAlgorithm: "SYMMETRIC_DEFAULT" };
      }
      case "Decrypt": {
        const blob = Buffer.from(input["CiphertextBlob"], "base64");
        const key = this.of(blob, region);
        const Plaintext = decrypt(key, blob, input["EncryptionContext"]);
        return { Plaintext, KeyId: key.arn, EncryptionAlgorithm: "SYMMETRIC_DEFAULT" };
      }
      default:
        throw notBuilt(`KMS operation ${operation}`);
    }
  }

  private named(keyId: string, region: string): Key {
    const key = this.keys.find(
      (each) => each.region === region && [each.alias, each.id, each.arn, arnOf(region, each.alias)].includes(keyId),
    );
    if (key) return key;
    const arn = keyId.startsWith("arn:") ? keyId : arnOf(region, keyId);
    throw new Refusal(400, "NotFoundException", `${keyId.includes("alias/") ? "Alias" : "Key"} ${arn} is not found.`);
  }

  /** Ciphertext says which key it is of. */
  private of(blob: Buffer, region: string): Key {
    const id = blob.toString("latin1", 0, ID_BYTES);
    const key = this.keys.find((each) => each.id === id && each.region === region);
    if (key) return key;
    const message =
      "The ciphertext refers to a customer master key that does not exist or does not exist in this region.";
    throw new Refusal(400, "AccessDeniedException", message);
  }
}

type Context = Readonly<Record<string, string>> | undefined;

function encrypt(key: Key, plaintext: Buffer, context: Context): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key.material, iv).setAAD(bytesOf(context));
  const text = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.from(key.id, "latin1"), iv, cipher.getAuthTag(), text]).toString("base64");
}

function decrypt(key: Key, blob: Buffer, context: Context): string {
  const [ivEnd, tagEnd] = [ID_BYTES + IV_BYTES, ID_BYTES + IV_BYTES + TAG_BYTES];
  const decipher = createDecipheriv("aes-256-gcm", key.material, blob.subarray(ID_BYTES, ivEnd));
  decipher.setAAD(bytesOf(context)).setAuthTag(blob.subarray(ivEnd, tagEnd));
  try {
    return Buffer.concat([decipher.update(blob.subarray(tagEnd)), decipher.final()]).toString("base64");
  } catch {
    throw new Refusal(
      400,
      "InvalidCiphertextException",
      "The ciphertext, or its encryption context, is not what it was.",
    );
  }
}

function bytesOf(context: Context): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context ?? {}).sort()));
}

function arnOf(region: string, resource: string): string {
  return `arn:aws:kms:${region}:${ACCOUNT}:${resource}`;
}

function json(status: number, body: object): Answer {
  return { status, headers: { "content-type": "application/x-amz-json-1.1" }, body: JSON.stringify(body) };
}
