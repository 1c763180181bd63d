/** What the events of all triggers of a user pool have in common, as far as it is read. */
export interface TriggerEvent {
  /** Why the pool asks. @example "PreSignUp_SignUp" */
  readonly triggerSource: string;
  readonly userName?: string;
  readonly callerContext: { readonly clientId: string };
  readonly request: {
    /** Attributes as the pool has them; `email_verified` is the text "true" once a code has come back. */
    readonly userAttributes?: Readonly<Record<string, string>> | null;
  };
  readonly response: unknown;
}

/** Is told of what an operator should know; alarms count it. @param error  never of a user's input */
export type OnFailure = (what: string, error?: unknown) => void;

/** The e-mail domain of a user in lower case and in ASCII; undefined without an address of one `@`. */
export function domainOf({ userAttributes }: TriggerEvent["request"]): string | undefined {
  const [, domain] = /^[^@\s]+@([^@\s]+)$/.exec(userAttributes?.["email"] ?? "") ?? [];
  if (domain === undefined) return undefined;
  try {
    return new URL(`http://${domain}`).hostname.replace(/\.$/, "") || undefined;
  } catch {
    return undefined;
  }
}
