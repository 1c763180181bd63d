import { addressOf, blockOf, bytesOf, dateOf, inBlock, numberOf } from "./condition-values";
import { Pattern, PolicyProblem } from "./pattern";
import { RequestContext } from "./request-context";

/** Compares a value of the request with one of the policy. Returns undefined when the request's value cannot be read. */
type Matcher = (value: string, context: RequestContext) => boolean | undefined;

/** Reads a value of the policy. @throws {PolicyProblem} when the operator cannot take it */
type Operator = (wanted: string, variables: boolean) => Matcher;

/** One line of a statement's `Condition`: an operator, a key and the values it may have. */
export interface Condition {
  /** @param allow  the statement allows: what cannot be read is then not met, and in a denial it is met */
  met(context: RequestContext, allow: boolean): boolean;
}

const text =
  (options: { wildcards?: true; ignoreCase?: true }): Operator =>
  (wanted, variables) => {
    const pattern = new Pattern(wanted, { ...options, variables });
    return (value, context) => pattern.matches(value, context);
  };

const readable = <T>(wanted: string, read: (text: string) => T | undefined, what: string): T => {
  const value = read(wanted);
  if (value === undefined || Number.isNaN(value)) throw new PolicyProblem(`"${wanted}" is no ${what}`);
  return value;
};

const ordered =
  (what: string, read: (text: string) => number, compare: (value: number, wanted: number) => boolean): Operator =>
  (wanted) => {
    const limit = readable(wanted, read, what);
    return (value) => {
      const got = read(value);
      return Number.isNaN(got) ? undefined : compare(got, limit);
    };
  };

const comparisons = {
  Equals: (value: number, wanted: number) => value === wanted,
  LessThan: (value: number, wanted: number) => value < wanted,
  LessThanEquals: (value: number, wanted: number) => value <= wanted,
  GreaterThan: (value: number, wanted: number) => value > wanted,
  GreaterThanEquals: (value: number, wanted: number) => value >= wanted,
};

const operators = new Map<string, Operator>([
  ["StringEquals", text({})],
  ["StringEqualsIgnoreCase", text({ ignoreCase: true })],
  ["StringLike", text({ wildcards: true })],
  ["ArnEquals", arnMatcher],
  ["ArnLike", arnMatcher],
  [
    "Bool",
    (wanted, variables) => {
      const pattern = new Pattern(wanted, { ignoreCase: true, variables });
      if (!/^(true|false|.*\$\{.*)$/is.test(wanted)) throw new PolicyProblem(`"${wanted}" is neither true nor false`);
      return (value, context) => pattern.matches(value, context);
    },
  ],
  [
    "BinaryEquals",
    (wanted) => {
      const bytes = readable(wanted, bytesOf, "base64");
      return (value) => bytesOf(value)?.equals(bytes);
    },
  ],
  [
    "IpAddress",
    (wanted) => {
      const block = readable(wanted, blockOf, "block of addresses");
      return (value) => {
        const address = addressOf(value);
        return address && inBlock(address, block);
      };
    },
  ],
  ...Object.entries(comparisons).flatMap(([name, compare]): [string, Operator][] => [
    [`Numeric${name}`, ordered("number", numberOf, compare)],
    [`Date${name}`, ordered("date", dateOf, compare)],
  ]),
]);

/** The negation of each operator, in the places where AWS's names have it. */
const negations = new Map(
  [...operators.keys()].flatMap((name): [string, string][] => {
    if (name === "IpAddress") return [["NotIpAddress", name]];
    const [, kind, rest] = /^(String|Arn|Numeric|Date)(Equals|EqualsIgnoreCase|Like)$/.exec(name) ?? [];
    return kind === undefined ? [] : [[`${kind}Not${rest}`, name]];
  }),
);

/** Each of the six parts of an ARN is compared for itself; the last may contain colons. */
function arnMatcher(wanted: string, variables: boolean): Matcher {
  if (wanted === "*") return (value) => arnParts(value) !== undefined;
  const parts = readable(wanted, arnParts, "ARN").map((part) => new Pattern(part, { wildcards: true, variables }));
  return (value, context) => {
    const got = arnParts(value);
    return got?.every((part, i) => parts[i]!.matches(part, context)) ?? false;
  };
}

const noContext = new RequestContext();

/** Returns whether an ARN matches a pattern as ArnLike does. A pattern that is no ARN matches none. */
export function arnPattern(pattern: string): (arn: string) => boolean {
  try {
    const matches = arnMatcher(pattern, false);
    return (arn) => matches(arn, noContext) === true;
  } catch (error) {
    if (error instanceof PolicyProblem) return () => false;
    throw error;
  }
}

function arnParts(arn: string): string[] | undefined {
  // A colon within a variable separates nothing.
  const parts = arn.match(/(?:\$\{[^}]*\}|[^:])+|:/g) ?? [];
  const found: string[] = [""];
  for (const part of parts) {
    if (part === ":" && found.length < 6) found.push("");
    else found[found.length - 1] += part;
  }
  return found.length === 6 && found[0] !== "" ? found : undefined;
}

/**
 * Reads the `Condition` of a statement: all of it must be met.
 * @param variables  the version of the policy knows policy variables
 * @throws {PolicyProblem} on an operator that does not exist, and on a value that its operator cannot take
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function readConditions(document: unknown, variables: boolean): Condition[] {
  if (document === undefined) return [];
  return entriesOf(document, "Condition").flatMap(([name, keys]) =>
    entriesOf(keys, name).map(([key, values]) => readCondition(name, key.toLowerCase(), textsOf(values), variables)),
  );
}

function readCondition(name: string, key: string, wanted: readonly string[], variables: boolean): Condition {
  if (name === "Null") return nullCondition(key, wanted);
  const [, set, base = "", ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const negated = negations.has(base);
  const operator = operators.get(negations.get(base) ?? base);
  if (operator === undefined) throw new PolicyProblem(`there is no condition operator ${name}`);
  const matchers = wanted.map((each) => operator(each, variables));
  const passes = (value: string, context: RequestContext, allow: boolean) => {
    let unreadable = false;
    for (const matches of matchers) {
      const matched = matches(value, context);
      if (matched) return !negated;
      unreadable ||= matched === undefined;
    }
    return negated && !(unreadable && allow);
  };
  return {
    met(context, allow) {
      const values = context.values(key);
      if (values.length === 0) return ifExists !== undefined || (set ? set === "ForAllValues" : negated);
      if (set === undefined) return values.length === 1 ? passes(values[0]!, context, allow) : negated && !allow;
      // An empty text is an empty set here.
      const members = values.filter((value) => value !== "");
      return set === "ForAllValues"
        ? members.every((value) => passes(value, context, allow))
        : members.some((value) => passes(value, context, allow));
    },
  };
}

function nullCondition(key: string, wanted: readonly string[]): Condition {
  const answers = wanted.map((each) => each.toLowerCase());
  const odd = answers.find((each) => each !== "true" && each !== "false");
  if (odd !== undefined) throw new PolicyProblem(`Null must be true or false, got "${odd}"`);
  return { met: (context) => answers.includes(String(context.values(key).length === 0)) };
}

function entriesOf(value: unknown, name: string): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new PolicyProblem(`${name} must be an object`);
  }
  return Object.entries(value);
}

function textsOf(values: unknown): string[] {
  const list = Array.isArray(values) ? values : [values];
  const odd = list.find((each) => !["string", "number", "boolean"].includes(typeof each));
  if (odd !== undefined || list.length === 0) throw new PolicyProblem("a condition must have texts as values");
  return list.map(String);
}
