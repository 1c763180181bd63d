/** Lists that were read from JSON, which print as JSON; Velocity's own print as Java's. */
const jsonLists = new WeakSet<object>();

/** Parses JSON to values that templates print as API Gateway does. @throws {SyntaxError} */
export function parsedJson(text: string): unknown {
  return JSON.parse(text, (_name, value) => {
    if (Array.isArray(value)) jsonLists.add(value);
    return value;
  });
}

/** Marks a list as one that was read from JSON. */
export function jsonList<T>(list: T[]): T[] {
  jsonLists.add(list);
  return list;
}

/**
 * Returns the text that a template prints for a value: an object as Java's maps print, a list from JSON as JSON.
 * @example printed({ a: [{ b: 1 }] }) // "{a=[{\"b\":1}]}", when the list was read from JSON
 */
export function printed(value: unknown): string {
  if (value === undefined || value === null || typeof value === "function") return "";
  if (Array.isArray(value)) return jsonLists.has(value) ? JSON.stringify(value) : `[${value.map(inner).join(", ")}]`;
  if (typeof value !== "object") return String(value);
  const fields = Object.entries(value).filter(([, each]) => typeof each !== "function");
  return `{${fields.map(([name, each]) => `${name}=${inner(each)}`).join(", ")}}`;
}

function inner(value: unknown): string {
  return value === null || value === undefined ? "null" : printed(value);
}

/** Compares as Velocity's `==` does: values of different kinds by what they print. */
export function areEqual(a: unknown, b: unknown): boolean {
  const missing = (value: unknown) => value === undefined || value === null;
  if (missing(a) || missing(b)) return missing(a) && missing(b);
  return typeof a === typeof b && typeof a !== "object" ? a === b : printed(a) === printed(b);
}

/** Tells whether a condition is met: by everything but `false` and what is missing, even by an empty text. */
export function isTrue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}
