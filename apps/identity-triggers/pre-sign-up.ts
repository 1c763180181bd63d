import { type DomainRules, isAllowed, isThrowAway } from "./domains";
import { domainOf, type TriggerEvent } from "./event";

/**
 * Makes the pre sign-up trigger of a user pool. It refuses addresses outside the allowed domains, and addresses to throw
 * away unless their domain is allowed by name. Whom an administrator makes is let in. It confirms no user and verifies no
 * address by itself: both take the code that the pool sends.
 *
 * The message says what is wrong with the domain, never whether an account exists: it depends on the address alone.
 *
 * **When it fails:** a new person cannot sign up, or sign in for the first time with another provider; who has an account
 * signs in as before. It asks nothing outside itself, so that it can fail by a wrong deployment only. It changes nothing,
 * so that it may run any number of times.
 * @throws {Error} from the handler, with the reason, which Cognito shows to the client
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html
 */
export function createPreSignUpTrigger(rules: DomainRules) {
  return async <E extends TriggerEvent>(event: E): Promise<E> => {
    if (event.triggerSource === "PreSignUp_AdminCreateUser") return event;
    const domain = domainOf(event.request);
    if (!isAllowed(rules, domain)) throw new Error("Addresses of this domain may not sign up");
    if (domain === undefined) throw new Error("An e-mail address is needed to sign up");
    if (rules.allowed.length === 0 && !rules.disposable && isThrowAway(domain)) {
      throw new Error("Addresses of this domain are used once and thrown away; use another one");
    }
    return event;
  };
}
