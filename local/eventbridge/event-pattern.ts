import { type Dialect, eventBridge, type Leaf, PatternProblem, type Rule, readRule } from "./value-rules";

/** Tells whether an event meets a pattern. */
export type EventPattern = (event: unknown) => boolean;

/**
 * Reads a pattern: each of its fields must be met by the event, by one value of a list. A list in the event meets what one of
 * its elements meets.
 * @param dialect  of the service that the pattern is for
 * @throws {PatternProblem} for a document that the service does not take
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function readPattern(document: unknown, dialect: Dialect = eventBridge): EventPattern {
  if (!isObject(document)) throw new PatternProblem("Filter is not an object");
  const fields = Object.entries(document).map(([name, given]) => fieldOf(name, given, dialect));
  return (event) => anyOf(event, (one) => fields.every((meets) => meets(one)));
}

type Field = (event: Readonly<Record<string, unknown>>) => boolean;

function fieldOf(name: string, given: unknown, dialect: Dialect): Field {
  if (name === "$or" && Array.isArray(given) && given.length > 1 && given.every(isObject)) {
    const branches = given.map((each) => readPattern(each, dialect));
    return (event) => branches.some((meets) => meets(event));
  }
  if (Array.isArray(given)) {
    if (given.length === 0) throw new PatternProblem("Empty arrays are not allowed");
    const rules = given.map((each) => readRule(each, dialect));
    return (event) => leavesOf(event[name]).some((leaf) => rules.some((rule: Rule) => rule(leaf)));
  }
  if (!isObject(given)) throw new PatternProblem(`"${name}" must be an object or an array`);
  const below = readPattern(given, dialect);
  return (event) => below(event[name] ?? {});
}

function anyOf(event: unknown, meets: (one: Readonly<Record<string, unknown>>) => boolean): boolean {
  if (Array.isArray(event)) return event.some((each) => anyOf(each, meets));
  // A field may be asked not to be there, which is met where nothing is.
  return meets(isObject(event) ? event : {});
}

/** Values of a field: one, those of a list, or one that is not there. An object is no value. */
function leavesOf(value: unknown): (Leaf | undefined)[] {
  if (Array.isArray(value)) return value.length === 0 ? [undefined] : value.flatMap(leavesOf);
  return [isObject(value) ? undefined : (value as Leaf | undefined)];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
