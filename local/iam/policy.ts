import { type Condition, readConditions } from "./conditions";
import { Pattern, PolicyProblem } from "./pattern";
import { type Principals, readPrincipals } from "./principals";
import type { RequestContext } from "./request-context";

/** A policy as it is evaluated. */
export interface Policy {
  readonly statements: readonly Statement[];
  /** What AWS would refuse in the document; empty for a valid one. */
  readonly problems: readonly string[];
}

/** A statement of a policy. */
export interface Statement {
  readonly allow: boolean;
  readonly sid: string | undefined;
  /** Of the policy of a resource or of an endpoint; undefined in an identity policy. */
  readonly principals: { readonly names: Principals; readonly not: boolean } | undefined;
  covers(action: string, resource: string, context: RequestContext): boolean;
}

/**
 * What a policy is attached to. The policy of a resource names principals and needs no Resource, which is then the resource
 * that it is attached to. The policy of an endpoint names principals, and the resources behind it.
 */
export type Attachment = "identity" | "resource" | "endpoint";

const elements: readonly string[] = [
  ...["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"],
];
const versions: readonly unknown[] = [undefined, "2008-10-17", "2012-10-17"];

/**
 * Reads a policy document. It never throws, and what it cannot read counts against the caller: such a statement allows
 * nothing, and denies everything if it is not known to allow. A denial whose conditions alone cannot be read still denies
 * its own actions and resources only, whether its conditions are met or not.
 * @param document  a value of JSON; a text is a document that was not parsed, so it is none
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function readPolicy(document: unknown, attachment: Attachment): Policy {
  const problems: string[] = [];
  try {
    const { Version, Id: _, Statement: given, ...others } = objectOf(document, "a policy");
    const other = Object.keys(others)[0];
    if (other !== undefined) throw new PolicyProblem(`a policy has no ${other}`);
    if (!versions.includes(Version))
      throw new PolicyProblem(`there is no version ${JSON.stringify(Version)} of policies`);
    if (given === undefined) throw new PolicyProblem("a policy must have statements");
    const variables = Version === "2012-10-17";
    const statements = [given].flat().map((each) => readStatement(each, attachment, variables, problems));
    return { statements: statements.filter((each) => each !== undefined), problems };
  } catch (error) {
    return { statements: [denyAll], problems: [messageOf(error)] };
  }
}

const denyAll: Statement = { allow: false, sid: undefined, principals: undefined, covers: () => true };

function readStatement(
  given: unknown,
  attachment: Attachment,
  variables: boolean,
  problems: string[],
): Statement | undefined {
  let allow = false;
  try {
    const statement = objectOf(given, "a statement");
    allow = statement["Effect"] === "Allow";
    return statementOf(statement, attachment, variables, problems);
  } catch (error) {
    problems.push(messageOf(error));
    return allow ? undefined : denyAll;
  }
}

function statementOf(
  statement: Readonly<Record<string, unknown>>,
  attachment: Attachment,
  variables: boolean,
  problems: string[],
): Statement {
  const { Sid, Effect } = statement;
  const other = Object.keys(statement).find((name) => !elements.includes(name));
  if (other !== undefined) throw new PolicyProblem(`a statement has no ${other}`);
  if (Effect !== "Allow" && Effect !== "Deny") {
    throw new PolicyProblem(`Effect must be Allow or Deny, got ${JSON.stringify(Effect)}`);
  }
  const allow = Effect === "Allow";
  const actions = matcherOf(statement, "Action", (text) => new Pattern(text, { wildcards: true, ignoreCase: true }));
  const resources = resourcesOf(statement, attachment, variables);
  const conditions = conditionsOf(statement["Condition"], allow, variables, problems);
  return {
    allow,
    sid: typeof Sid === "string" ? Sid : undefined,
    principals: principalsOf(statement, attachment, allow),
    covers: (action, resource, context) =>
      actions(action, context) &&
      resources(resource, context) &&
      conditions.every((condition) => condition.met(context, allow)),
  };
}

type TextMatcher = (text: string, context: RequestContext) => boolean;

/** Reads an element that has a negated form, such as Action and NotAction. */
function matcherOf(
  statement: Readonly<Record<string, unknown>>,
  name: "Action" | "Resource",
  patternOf: (text: string) => { matches: TextMatcher },
): TextMatcher {
  const [given, not] = [statement[name], statement[`Not${name}`]];
  if ((given === undefined) === (not === undefined)) {
    throw new PolicyProblem(`a statement must have either ${name} or Not${name}`);
  }
  const texts = [given ?? not].flat();
  if (texts.length === 0) throw new PolicyProblem(`${name} must not be empty`);
  const patterns = texts.map((text) => {
    if (typeof text !== "string") throw new PolicyProblem(`${name} must be a text, or a list of texts`);
    return patternOf(text);
  });
  const negated = given === undefined;
  return (text, context) => patterns.some((pattern) => pattern.matches(text, context)) !== negated;
}

function resourcesOf(
  statement: Readonly<Record<string, unknown>>,
  attachment: Attachment,
  variables: boolean,
): TextMatcher {
  const names = "Resource" in statement || "NotResource" in statement;
  if (!names && attachment === "resource") return () => true;
  return matcherOf(statement, "Resource", (text) => {
    const short = attachment === "resource" ? /^execute-api:\/+(.*)$/s.exec(text)?.[1] : undefined;
    const pattern = new Pattern(short ?? text, { wildcards: true, variables });
    return short === undefined ? pattern : { matches: (arn, context) => matchesInApi(pattern, arn, context) };
  });
}

/** API Gateway puts the API's own ARN before a resource that begins with `execute-api:/`: the rest is compared. */
function matchesInApi(pattern: Pattern, arn: string, context: RequestContext): boolean {
  const rest = /^arn:[^:]*:execute-api:[^:]*:[^:]*:[^/]*\/(.*)$/s.exec(arn)?.[1];
  return rest !== undefined && pattern.matches(rest, context);
}

/** A denial whose conditions cannot be read denies without them. */
function conditionsOf(document: unknown, allow: boolean, variables: boolean, problems: string[]): readonly Condition[] {
  try {
    return readConditions(document, variables);
  } catch (error) {
    if (allow) throw error;
    problems.push(messageOf(error));
    return [];
  }
}

function principalsOf(
  statement: Readonly<Record<string, unknown>>,
  attachment: Attachment,
  allow: boolean,
): Statement["principals"] {
  const { Principal, NotPrincipal } = statement;
  if (attachment === "identity") {
    if (Principal === undefined && NotPrincipal === undefined) return undefined;
    throw new PolicyProblem("a policy of an identity names no principal");
  }
  if ((Principal === undefined) === (NotPrincipal === undefined)) {
    throw new PolicyProblem("the policy of a resource must have either Principal or NotPrincipal");
  }
  if (Principal !== undefined) return { names: readPrincipals(Principal), not: false };
  if (allow) throw new PolicyProblem("NotPrincipal is for denials");
  return { names: readPrincipals(NotPrincipal), not: true };
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new PolicyProblem(`${what} must be an object`);
}

function messageOf(error: unknown): string {
  if (error instanceof PolicyProblem) return error.message;
  throw error;
}
