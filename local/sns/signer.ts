import { generateKeyPair, type KeyObject, sign } from "node:crypto";
import { promisify } from "node:util";
import { selfSigned } from "./certificate";

const generate = promisify(generateKeyPair);

/** Fields that are signed, in this order; those that a message does not have are left out. */
const signedFields: Readonly<Record<string, readonly string[]>> = {
  Notification: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
  SubscriptionConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
};

/** Returns the fields of a type of message that its signature covers. */
export function fieldsSignedOf(type: string): readonly string[] {
  return signedFields[type]!;
}

/** Signs what SNS sends, with a key that is new at every start; the certificate is served at the address of the API. */
export class Signer {
  private keys: Promise<{ readonly privateKey: KeyObject; readonly certificate: string }> | undefined;

  /** Returns the certificate, in PEM. */
  async certificate(): Promise<string> {
    return (await this.made()).certificate;
  }

  /**
   * Returns the signature of a message.
   * @param version  1 is by SHA-1, 2 by SHA-256
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
   */
  async sign(message: Readonly<Record<string, string | undefined>>, version: string): Promise<string> {
    const { privateKey } = await this.made();
    const lines = fieldsSignedOf(message["Type"]!).flatMap((name) =>
      message[name] === undefined ? [] : [`${name}\n${message[name]}\n`],
    );
    return sign(version === "2" ? "sha256" : "sha1", Buffer.from(lines.join("")), privateKey).toString("base64");
  }

  private made() {
    this.keys ??= generate("rsa", { modulusLength: 2_048 }).then(({ privateKey, publicKey }) => ({
      privateKey,
      certificate: selfSigned("sns.amazonaws.com", privateKey, publicKey, Date.now()),
    }));
    return this.keys;
  }
}
