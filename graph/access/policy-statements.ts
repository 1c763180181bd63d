import { UserError } from "../user-error";

/** What a private API, its domain, its endpoint or a role says of a request. */
export type Effect = "allow" | "deny" | "silent";

/** A signed request to a private API, as policies see it. */
export interface SignedCall {
  /** ARN of the role, or of the user. */
  readonly principal: string;
  readonly account: string;
  /** ARN of stage, method and path. */
  readonly resource: string;
  /** Condition keys that the plan's policies may use, by name in lower case. */
  readonly context: Readonly<Record<string, string>>;
}

/**
 * Evaluates one policy for `execute-api:Invoke`. It knows what the platform's own policies use and no more, and shares no code
 * with the local platform, so that the one can be compared with the other.
 * @param document  JSON, or its text
 * @param where  says in an error which policy it is
 * @throws {UserError} on an element or a condition that it does not know
 */
export function policyEffect(document: unknown, call: SignedCall, where: string): Effect {
  const { Statement: statements = [] } = typeof document === "string" ? JSON.parse(document) : (document as any);
  const met = [statements].flat().filter((statement: any) => covers(statement, call, where));
  if (met.some(({ Effect }: any) => Effect === "Deny")) return "deny";
  return met.some(({ Effect }: any) => Effect === "Allow") ? "allow" : "silent";
}

const elements = ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"];

function covers(statement: any, call: SignedCall, where: string): boolean {
  const other = Object.keys(statement).find((element) => !elements.includes(element));
  if (other !== undefined) unknownPart(where, other);
  const { Principal: principal, Action: actions, Resource: resources, Condition: conditions = {} } = statement;
  return (
    (principal === undefined || names(principal, call, where)) &&
    [actions].flat().some((action: string) => wildcard(action.toLowerCase(), "execute-api:invoke")) &&
    [resources].flat().some((resource: string) => wildcard(wholeArn(resource, call.resource), call.resource)) &&
    Object.entries(conditions).every(([operator, keys]) => conditionMet(operator, keys as object, call, where))
  );
}

function names(principal: any, { principal: caller, account }: SignedCall, where: string): boolean {
  if (principal === "*") return true;
  const other = Object.keys(principal).find((kind) => kind !== "AWS");
  if (other !== undefined) return unknownPart(where, `Principal.${other}`);
  const root = `arn:aws:iam::${account}:root`;
  return [principal.AWS].flat().some((name: string) => ["*", caller, account, root].includes(name));
}

/** API Gateway puts the ARN of the API before a resource that begins with `execute-api:/`. */
function wholeArn(pattern: string, arn: string): string {
  return pattern.startsWith("execute-api:/")
    ? `${arn.slice(0, arn.indexOf("/"))}${pattern.slice("execute-api:".length)}`
    : pattern;
}

function conditionMet(operator: string, keys: object, { context }: SignedCall, where: string): boolean {
  return Object.entries(keys).every(([key, wanted]) => {
    const value = context[key.toLowerCase()];
    const values: string[] = [wanted].flat();
    switch (operator) {
      case "StringEquals":
        return value !== undefined && values.includes(value);
      case "StringNotEquals":
        return value === undefined || !values.includes(value);
      default:
        return unknownPart(where, `Condition.${operator}`);
    }
  });
}

/** Tells whether a text matches a pattern in which `*` is any text. */
function wildcard(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === text;
  if (!text.startsWith(first)) return false;
  const last = rest.pop()!;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

function unknownPart(where: string, part: string): never {
  throw new UserError(
    `the table of access cannot be made: ${where} has ${part}, which graph/access/policy-statements.ts does not evaluate; add it there`,
  );
}
