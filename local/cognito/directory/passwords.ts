import { randomInt } from "node:crypto";
import { CognitoError } from "../cognito-error";
import type { PasswordRules } from "../pool-settings";

const classes = {
  lowercase: { form: /[a-z]/, text: "Password must have lowercase characters" },
  uppercase: { form: /[A-Z]/, text: "Password must have uppercase characters" },
  numbers: { form: /[0-9]/, text: "Password must have numeric characters" },
  // A blank counts, though not as the first or last character.
  symbols: { form: /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]|\S \S/, text: "Password must have symbol characters" },
} as const;

/** Openings of the text, which depend on the operation. */
const openings = {
  signUp: "Password did not conform with policy: ",
  administrator: "Password did not conform with password policy: ",
  change: "Password does not conform to policy: ",
} as const;

/**
 * Checks a password against the rules of a pool.
 * @throws {CognitoError} InvalidPasswordException with the first rule that it does not meet
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-policies.html
 */
export function checkPassword(password: string, rules: PasswordRules, by: keyof typeof openings): void {
  const refuse = (text: string) => {
    throw new CognitoError("InvalidPasswordException", openings[by] + text);
  };
  if (password.length < rules.minimumLength) refuse("Password not long enough");
  if (password.length > 256) refuse("Password too long");
  for (const [name, { form, text }] of Object.entries(classes)) {
    if (rules[name as keyof typeof classes] && !form.test(password)) refuse(text);
  }
}

/** Makes a temporary password that every set of rules accepts. */
export function newTemporaryPassword({ minimumLength }: PasswordRules): string {
  const alphabet = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  const length = Math.max(minimumLength - 4, 12);
  const random = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
  return `${random}aA2!`;
}
