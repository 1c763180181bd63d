import { editsOf, type Threat, testsOf } from "./threat";

const groups = testsOf("tests/apps/identity-triggers/pre-token.spec.ts");
const signUp = testsOf("tests/apps/identity-triggers/sign-up.spec.ts");
const signIn = testsOf("tests/apps/identity-triggers/sign-in.spec.ts");
const grants = editsOf("apps/identity-triggers/grants.ts");
const domains = editsOf("apps/identity-triggers/domains.ts");
const preSignUp = editsOf("apps/identity-triggers/pre-sign-up.ts");
const postConfirmation = editsOf("apps/identity-triggers/post-confirmation.ts");
const preAuthentication = editsOf("apps/identity-triggers/pre-authentication.ts");
const challenge = editsOf("apps/identity-triggers/challenge.ts");

/** What people and clients could try while they sign up and in, where the user pool asks a trigger. */
export const identityThreats: readonly Threat[] = [
  {
    input: "A person asks for scopes that none of their groups grants",
    result: "the token has those of the groups alone, and the gateway answers 403",
    test: groups("leaves a user the scopes that the user's groups grant, and those of no service"),
    removals: [[grants("&& !granted.has(scope)", "&& granted.has(scope)")]],
  },
  {
    input: "A client names a group, in metadata or in an attribute",
    result: "not read: groups are those of the pool",
    test: groups("takes no group from a client or from an attribute that a user writes"),
    removals: [[grants("groupConfiguration?.groupsToOverride ?? []", '["editors"]')]],
  },
  {
    input: "Sign-up with an address below an allowed domain, or one that looks like it",
    result: "refused",
    test: signUp("refuses every other domain, those below an allowed one too, and what only looks like one"),
    removals: [[domains("allowed.includes(domain)", "allowed.some((one) => domain.endsWith(one))")]],
  },
  {
    input: "Sign-up with an address to throw away, in another case or below its domain",
    result: "refused, unless the domain is allowed by name",
    test: signUp("refuses addresses to throw away, in any case and below their domain, unless the domain is allowed"),
    removals: [[preSignUp("!rules.disposable && isThrowAway(domain)", "!rules.disposable && !domain")]],
  },
  {
    input: "Sign-up with an address of a tenant that is not one's own",
    result: "no tenant before the address is verified",
    test: signUp("believes no address that is not verified, and no tenant or group that a client names"),
    removals: [[postConfirmation(' || userAttributes?.["email_verified"] !== "true"', "")]],
  },
  {
    input: "A trigger that fails while people sign in",
    result: "people are let in whose password is right, and an alarm goes off",
    test: signIn("when its rules cannot be read, lets everyone in and tells an operator"),
    removals: [[preAuthentication("      return undefined;", "      throw error;")]],
  },
  {
    input: "Tokens after another challenge than the code by mail, or for a user who does not exist",
    result: "none",
    test: signIn("gives no tokens for another challenge, an answer before the last, or a user who does not exist"),
    removals: [
      [challenge("if (rounds.some(({ challengeName }) => challengeName !== own))", "if (rounds.length > 99)")],
      [challenge("answered?.challengeResult === true && userNotFound !== true", "answered?.challengeResult === true")],
    ],
  },
  {
    input: "A fourth answer to a code by mail",
    result: "refused; the session is over",
    test: signIn("asks for a code, takes three answers at most, and gives tokens after a right one"),
    removals: [[challenge("const mostAnswers = 3;", "const mostAnswers = 4;")]],
  },
  {
    input: "A code by mail for a user who does not exist, to find out who does",
    result: "the same answer after the same time, and no mail",
    test: signIn(
      "sends nothing to a user who does not exist or whose address is not verified, and answers the same in about the same time",
    ),
    removals: [[challenge("return void (await sleep(lastMs));", "return;")]],
  },
];
