import { BlockList, isIP } from "node:net";

/** A pattern that its service does not take. */
export class PatternProblem extends Error {}

/** A value in an event: of JSON, not an object. */
export type Leaf = string | number | boolean | null;

/** Tells whether a value meets one rule of a list; undefined is a field that is not there. */
export type Rule = (value: Leaf | undefined) => boolean;

/** What a service knows beyond what all of them know. */
export interface Dialect {
  /** Names of operators that `anything-but` takes. */
  readonly anythingBut: readonly string[];
}

/** EventBridge, which pipes and event source mappings filter by. */
export const eventBridge: Dialect = { anythingBut: ["prefix", "suffix", "equals-ignore-case", "wildcard"] };
/** Filter policies of SNS. */
export const sns: Dialect = { anythingBut: ["prefix"] };

/** @throws {PatternProblem} */
export function readRule(given: unknown, dialect: Dialect): Rule {
  if (given === null || ["string", "number", "boolean"].includes(typeof given)) return (value) => value === given;
  if (typeof given !== "object" || Array.isArray(given)) {
    throw new PatternProblem("Match value must be String, number, true, false, or null");
  }
  const entries = Object.entries(given);
  if (entries.length !== 1) throw new PatternProblem("Only one key allowed in match expression");
  const [operator, argument] = entries[0]!;
  switch (operator) {
    case "exists":
      if (typeof argument !== "boolean") throw new PatternProblem("exists match pattern must be either true or false.");
      return (value) => (value !== undefined) === argument;
    case "numeric":
      return numeric(argument);
    case "anything-but":
      return anythingBut(argument, dialect);
    case "cidr":
      return cidr(argument);
    default:
      return textRule(operator, argument);
  }
}

function textRule(operator: string, argument: unknown): Rule {
  const build = textRules[operator];
  if (build === undefined) throw new PatternProblem(`Unrecognized match type ${operator}`);
  if (typeof argument !== "string") throw new PatternProblem(`${operator} match pattern must be a string`);
  const meets = build(argument);
  return (value) => typeof value === "string" && meets(value);
}

const textRules: Readonly<Record<string, (argument: string) => (text: string) => boolean>> = {
  prefix: (start) => (text) => text.startsWith(start),
  suffix: (end) => (text) => text.endsWith(end),
  "equals-ignore-case": (other) => (text) => text.toLowerCase() === other.toLowerCase(),
  wildcard: (pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const expression = new RegExp(`^${parts.join(".*")}$`, "s");
    return (text) => expression.test(text);
  },
};

const comparisons: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  "=": (value, limit) => value === limit,
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
};

function numeric(argument: unknown): Rule {
  const list = Array.isArray(argument) ? argument : [];
  if (list.length !== 2 && list.length !== 4)
    throw new PatternProblem("Value of numeric must be an array of comparisons");
  const pairs = [list.slice(0, 2), list.slice(2)].filter(({ length }) => length > 0) as [string, number][];
  for (const [operator, limit] of pairs) {
    if (comparisons[operator] === undefined)
      throw new PatternProblem(`Unrecognized numeric range operator: ${operator}`);
    if (typeof limit !== "number") throw new PatternProblem(`Value of ${operator} must be numeric`);
  }
  if (pairs.length === 2) {
    const [[first, bottom], [second, top]] = pairs as [[string, number], [string, number]];
    if (!first.startsWith(">") || !second.startsWith("<"))
      throw new PatternProblem(`Bad numeric range operator: ${second}`);
    if (bottom >= top) throw new PatternProblem("Bottom must be less than top");
  }
  return (value) =>
    typeof value === "number" && pairs.every(([operator, limit]) => comparisons[operator]!(value, limit));
}

/** A field that is not there meets it not, as there is nothing that is anything else. */
function anythingBut(argument: unknown, dialect: Dialect): Rule {
  if (typeof argument === "object" && argument !== null && !Array.isArray(argument)) {
    const [operator = "", given] = Object.entries(argument)[0] ?? [];
    if (!dialect.anythingBut.includes(operator)) {
      throw new PatternProblem(`Unsupported anything-but pattern: ${operator}`);
    }
    const rules = [given].flat().map((each) => textRule(operator, each));
    return (value) => value !== undefined && !rules.some((rule) => rule(value));
  }
  const values = [argument].flat();
  if (values.length === 0) throw new PatternProblem("Empty arrays are not allowed");
  return (value) => value !== undefined && !values.includes(value);
}

function cidr(argument: unknown): Rule {
  const [, address = "", length = ""] = /^([^/]+)\/(\d{1,3})$/.exec(String(argument)) ?? [];
  const family = isIP(address);
  if (family === 0 || Number(length) > (family === 4 ? 32 : 128)) {
    throw new PatternProblem("Malformed CIDR, one '/' required");
  }
  const block = new BlockList();
  const names = { 4: "ipv4", 6: "ipv6" } as const;
  block.addSubnet(address, Number(length), names[family as 4 | 6]);
  return (value) => {
    const kind = typeof value === "string" ? isIP(value) : 0;
    return kind !== 0 && block.check(String(value), names[kind as 4 | 6]);
  };
}
