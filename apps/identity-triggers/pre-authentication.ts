import { type DomainRules, isAllowed } from "./domains";
import { domainOf, type OnFailure, type TriggerEvent } from "./event";

/** The event of the pre authentication trigger. */
export interface PreAuthenticationEvent extends TriggerEvent {
  readonly request: TriggerEvent["request"] & {
    /** True for a user who does not exist, where the client hides that. */
    readonly userNotFound?: boolean;
  };
}

/** What `createPreAuthenticationTrigger` needs. */
export interface PreAuthenticationParts {
  /** Returns the rules. @throws {Error} when they cannot be read */
  readonly rules: () => DomainRules;
  readonly onFailure: OnFailure;
}

/**
 * Makes the pre authentication trigger of a user pool. It refuses people whose e-mail domain is not allowed any more, as when
 * a partner has left. Sessions that began before go on until their refresh token ends or is revoked, as Cognito does not
 * ask for a refresh.
 *
 * **When it fails:** Cognito refuses every sign-in while a function fails. So this one never fails: rules that cannot be read
 * let everyone in whose password is right, and raise an alarm. Only a domain that is read and not in the list is refused;
 * with an empty list all are let in. A person who is refused by mistake is let in by the next deployment of the list, which
 * needs no sign-in at the pool. It changes nothing, so that it may run any number of times.
 * @throws {Error} from the handler, with the reason, which Cognito shows to the client
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html
 */
export function createPreAuthenticationTrigger({ rules, onFailure }: PreAuthenticationParts) {
  const read = (): DomainRules | undefined => {
    try {
      return rules();
    } catch (error) {
      onFailure("the allowed domains could not be read, and everyone is let in", error);
      return undefined;
    }
  };
  return async <E extends PreAuthenticationEvent>(event: E): Promise<E> => {
    const found = read();
    // A user who does not exist is answered like one whose password is wrong: by Cognito.
    if (found === undefined || event.request.userNotFound === true) return event;
    if (!isAllowed(found, domainOf(event.request))) throw new Error("Addresses of this domain may not sign in");
    return event;
  };
}
