import { isIPv4 } from "node:net";
import { arnMatches } from "./permissions";

/** What a policy says of a request. */
export type Decision = "allow" | "deny" | "silent";

/** A request as conditions of policies see it. */
export interface PolicyRequest {
  readonly action: string;
  readonly resource: string;
  /** By name in lower case. */
  readonly keys: Readonly<Record<string, string>>;
}

interface Statement {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map(String);

/**
 * Evaluates a policy document: a denial is stronger than any allowance.
 * @param options  `principals` is set for a policy of a resource, which names who it is about; the caller is anonymous
 * @throws {Error} on a document that is no policy, and on a condition that is not known here
 */
export function evaluate(
  document: unknown,
  request: PolicyRequest,
  options: { readonly principals?: true } = {},
): Decision {
  const statements = (document as { Statement?: unknown } | null)?.Statement;
  const list = Array.isArray(statements) ? statements : [statements];
  let decision: Decision = "silent";
  for (const statement of list as Statement[]) {
    if (typeof statement !== "object" || statement === null) throw new Error("a policy must have statements");
    if (!applies(statement, request, options.principals === true)) continue;
    if (statement.Effect === "Deny") return "deny";
    if (statement.Effect !== "Allow") throw new Error(`Effect must be Allow or Deny, got ${String(statement.Effect)}`);
    decision = "allow";
  }
  return decision;
}

function applies(statement: Statement, { action, resource, keys }: PolicyRequest, principals: boolean): boolean {
  const { Action, NotAction, Resource, NotResource, Principal, Condition = {} } = statement;
  if (principals && !(Principal === "*" || listOf((Principal as any)?.AWS ?? "").includes("*"))) return false;
  const covers = (patterns: unknown, text: string) => listOf(patterns).some((each) => arnMatches(each, text));
  const actions =
    NotAction === undefined
      ? covers(lower(Action), action.toLowerCase())
      : !covers(lower(NotAction), action.toLowerCase());
  const resources = NotResource === undefined ? covers(full(Resource), resource) : !covers(full(NotResource), resource);
  return actions && resources && Object.entries(Condition).every(([name, wanted]) => conditionMet(name, wanted, keys));
}

function lower(actions: unknown): string[] {
  return listOf(actions).map((action) => action.toLowerCase());
}

/** A policy of an API may name its resources from the stage on. */
function full(resources: unknown): string[] {
  return listOf(resources).map((each) => each.replace(/^execute-api:\/+/, "arn:aws:execute-api:*:*:*/"));
}

const operators: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  StringEquals: (value, wanted) => value === wanted,
  StringEqualsIgnoreCase: (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
  StringLike: (value, wanted) => arnMatches(wanted, value),
  ArnEquals: (value, wanted) => arnMatches(wanted, value),
  ArnLike: (value, wanted) => arnMatches(wanted, value),
  IpAddress: inBlock,
  Bool: (value, wanted) => value === wanted,
};

function conditionMet(name: string, wanted: Readonly<Record<string, unknown>>, keys: PolicyRequest["keys"]): boolean {
  const [, not, base = "", ifExists] = /^(?:(Not)(?=IpAddress))?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const negated = not !== undefined || /^(String|Arn)Not/.test(base);
  const operator = operators[base.replace(/^(String|Arn)Not/, "$1")];
  if (operator === undefined) throw new Error(`the local gateway does not know the condition ${name}`);
  return Object.entries(wanted).every(([key, values]) => {
    const value = keys[key.toLowerCase()];
    if (value === undefined) return negated || ifExists !== undefined;
    return listOf(values).some((each) => operator(value, each)) !== negated;
  });
}

function inBlock(address: string, block: string): boolean {
  const [network = "", bits = "32"] = block.split("/");
  if (!isIPv4(address) || !isIPv4(network)) return address === network;
  const number = (text: string) => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(address) / size) === Math.floor(number(network) / size);
}
