import type { OnFailure, TriggerEvent } from "./event";

/** The event of the custom message trigger. */
export interface CustomMessageEvent extends TriggerEvent {
  readonly request: TriggerEvent["request"] & {
    /** Stands for the code, which Cognito puts in its place: `{####}`. */
    readonly codeParameter?: string | null;
    /** Stands for the user's name in an invitation: `{username}`. */
    readonly usernameParameter?: string | null;
  };
}

/** The texts that the trigger answers with. */
export interface Message {
  readonly emailSubject: string;
  readonly emailMessage: string;
  readonly smsMessage: string;
}

interface Parameters {
  readonly product: string;
  readonly code: string;
  readonly user: string;
}

/** Texts by what a message is for: its subject, what the code does, and what to do who did not ask for it. */
const texts: Readonly<Record<string, (parameters: Parameters) => readonly [subject: string, ...lines: string[]]>> = {
  CustomMessage_SignUp: ({ product, code }) => [
    `Confirm your address for ${product}`,
    `${code} confirms your address for ${product}.`,
    "If you did not sign up, do nothing: without the code there is no account.",
  ],
  CustomMessage_AdminCreateUser: ({ product, code, user }) => [
    `Your account of ${product}`,
    `An account of ${product} was made for you. Your name is ${user}, your first password is ${code}.`,
    "You choose another password when you sign in.",
  ],
  CustomMessage_ForgotPassword: ({ product, code }) => [
    `A new password for ${product}`,
    `${code} lets you choose a new password for ${product}.`,
    "If you did not ask for it, do nothing: your password stays as it is.",
  ],
  CustomMessage_UpdateUserAttribute: ({ product, code }) => [
    `Confirm your new address for ${product}`,
    `${code} confirms your new address for ${product}.`,
    "If you did not change it, do nothing: the address before stays.",
  ],
  CustomMessage_Authentication: ({ product, code }) => [
    `Your code for ${product}`,
    `${code} signs you in to ${product}.`,
    "If you are not signing in, change your password: someone else knows it.",
  ],
};

const sameAs: Readonly<Record<string, string>> = {
  CustomMessage_ResendCode: "CustomMessage_SignUp",
  CustomMessage_VerifyUserAttribute: "CustomMessage_UpdateUserAttribute",
};

/** Most characters of a text message that Cognito takes. */
const MOST_SMS = 140;

/**
 * Makes the custom message trigger of a user pool, which writes the messages in the product's name. No message has a link, or
 * anything that a user or a client wrote.
 *
 * **When it fails:** Cognito sends no message and answers with an error: no one can sign up, or get a new password. So this
 * one never fails: without a text of its own, for a new kind of message, it leaves Cognito's. It changes nothing, so that it
 * may run any number of times.
 * @param product  name of the product, without markup
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
 */
export function createCustomMessageTrigger({ product, onFailure }: { product: string; onFailure: OnFailure }) {
  return async <E extends CustomMessageEvent>(event: E): Promise<E | (E & { readonly response: Message })> => {
    const { codeParameter: code, usernameParameter: user } = event.request;
    const invitation = event.triggerSource === "CustomMessage_AdminCreateUser";
    const write = texts[sameAs[event.triggerSource] ?? event.triggerSource];
    // Cognito refuses a message without what stands for the code, and an invitation without the name.
    if (write === undefined || !code || (invitation && !user)) {
      onFailure(`a message of ${product} has no text of its own, and Cognito's was sent`);
      return event;
    }
    const [emailSubject, first, ...others] = write({ product, code, user: user ?? "" });
    return {
      ...event,
      response: {
        emailSubject,
        emailMessage: [first, ...others].join("<br><br>"),
        smsMessage: first!.length <= MOST_SMS ? first! : code,
      },
    };
  };
}
