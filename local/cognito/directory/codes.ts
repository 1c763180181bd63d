import { randomInt } from "node:crypto";
import type { AppClient } from "../clients";
import { CognitoError, failures } from "../cognito-error";
import type { Mailbox } from "../mailbox";
import type { MessageTexts } from "../pool-settings";
import { type Triggers, triggerAttributes } from "../triggers";
import type { CodePurpose, DirectoryUser, SentCode } from "./directory-user";

/** Where a code was sent, as answers have it. */
export interface CodeDelivery {
  /** Masked. @example "a***@e***" */
  readonly Destination: string;
  readonly DeliveryMedium: "EMAIL" | "SMS";
  readonly AttributeName: string;
}

/** A code that is to be sent. */
export interface CodeRequest {
  readonly client: Pick<AppClient, "id" | "pool">;
  readonly user: DirectoryUser;
  readonly purpose: CodePurpose;
  /** What the trigger of messages is told. @example "CustomMessage_SignUp" */
  readonly source: string;
  /** `email` or `phone_number`. */
  readonly attribute: string;
  /** A value of the attribute that is to be verified before it is the user's. @default the user's */
  readonly newValue?: string | undefined;
  readonly clientMetadata?: Readonly<Record<string, string>> | undefined;
}

/** A message of a user pool. */
interface Sending extends Omit<CodeRequest, "purpose"> {
  readonly texts: MessageTexts;
  readonly code: string;
}

const codeParameter = "{####}";
const usernameParameter = "{username}";
const hours = 3_600_000;

/** Sends the codes of user pools into the mailbox, and checks those that come back. */
export class Codes {
  /** @param now  milliseconds since the epoch */
  constructor(
    private readonly mailbox: Mailbox,
    private readonly triggers: Triggers,
    private readonly now: () => number,
  ) {}

  /**
   * Sends a code, in place of the one before.
   * @throws {CognitoError} LimitExceededException after five in an hour, or when the trigger of messages fails
   */
  async send(request: CodeRequest): Promise<CodeDelivery> {
    const { user, purpose, attribute, newValue, client } = request;
    user.sending.take(this.now());
    const code = newCode();
    const expiresAt = this.now() + (purpose === "recovery" ? 1 : 24) * hours;
    const delivery = await this.deliver({ ...request, code, texts: client.pool.settings.messages.verification });
    user.codes.set(purpose, { code, attribute, expiresAt, ...(newValue !== undefined && { newValue }) });
    return delivery;
  }

  /** Sends the temporary password of a user whom an administrator made. @throws {CognitoError} when the trigger fails */
  async invite(request: Omit<CodeRequest, "purpose" | "source">, password: string): Promise<void> {
    const texts = request.client.pool.settings.messages.invitation;
    await this.deliver({ ...request, source: "CustomMessage_AdminCreateUser", code: password, texts });
  }

  /**
   * Takes a code that a user shows, once.
   * @throws {CognitoError} CodeMismatchException, ExpiredCodeException, or LimitExceededException after 15 in an hour
   */
  take(user: DirectoryUser, purpose: CodePurpose, shown: string): SentCode {
    const sent = user.codes.get(purpose);
    if (sent === undefined || sent.expiresAt <= this.now()) throw failures.expiredCode();
    if (sent.code !== shown) {
      user.guessing.take(this.now());
      throw failures.wrongCode();
    }
    user.codes.delete(purpose);
    return sent;
  }

  private async deliver(sending: Sending): Promise<CodeDelivery> {
    const { user, attribute, newValue, code, client } = sending;
    const to = newValue ?? user.attributes[attribute]!;
    const { subject, email, sms } = await this.textsOf(sending);
    const medium = attribute === "email" ? "EMAIL" : "SMS";
    // Where the address is the user name, that is what the person knows of it.
    const known = client.pool.settings.usernameAttributes.map((each) => user.attributes[each]).find(Boolean);
    const filled = (text: string) =>
      text.replaceAll(codeParameter, code).replaceAll(usernameParameter, known ?? user.username);
    const text = filled(medium === "EMAIL" ? email : sms);
    this.mailbox.deliver({ medium, to, subject: medium === "EMAIL" ? filled(subject) : "", text, code });
    return { Destination: masked(attribute, to), DeliveryMedium: medium, AttributeName: attribute };
  }

  /** Returns the texts of a message, as the pool's trigger changes them. */
  private async textsOf({ texts, source, client, user, clientMetadata }: Sending): Promise<MessageTexts> {
    const response = await this.triggers.ask("customMessage", {
      source,
      client,
      username: user.username,
      request: {
        userAttributes: triggerAttributes(user),
        codeParameter,
        linkParameter: "{##Click Here##}",
        usernameParameter: source === "CustomMessage_AdminCreateUser" ? usernameParameter : null,
        ...(clientMetadata && { clientMetadata }),
      },
      response: { smsMessage: null, emailMessage: null, emailSubject: null },
    });
    const { smsMessage, emailMessage, emailSubject } = response ?? {};
    for (const text of [smsMessage, emailMessage]) {
      if (typeof text === "string" && text !== "" && !text.includes(codeParameter)) {
        throw new CognitoError("InvalidLambdaResponseException", "Unrecognizable lambda output");
      }
    }
    return { subject: emailSubject || texts.subject, email: emailMessage || texts.email, sms: smsMessage || texts.sms };
  }
}

/** Returns where a code would have gone for a user who does not exist. */
export function simulatedDelivery(name: string): CodeDelivery {
  const email = name.includes("@") ? name : `${name}@example.com`;
  return { Destination: masked("email", email), DeliveryMedium: "EMAIL", AttributeName: "email" };
}

/** Returns six digits. */
export function newCode(): string {
  return String(randomInt(1_000_000)).padStart(6, "0");
}

function masked(attribute: string, value: string): string {
  if (attribute !== "email") return `+*******${value.slice(-4)}`;
  const [name = "", domain = ""] = value.split("@");
  return `${name[0]}***@${domain[0]}***`;
}
