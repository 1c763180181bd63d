import { HttpError } from "./errors";

const maxDepth = 32;
const forbiddenKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
// The byte order mark is kept so that it can be refused: a decoder that drops it reads two byte sequences as one text.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Parses JSON strictly, so that no other parser reads the same bytes differently: UTF-8 without a byte order mark, at
 * most 32 levels, no key that reaches a prototype (such as `__proto__`), no number that a double cannot represent
 * exactly.
 * @throws {HttpError} 400 `invalid_json`
 */
export function parseJson(bytes: ArrayBuffer | Uint8Array): unknown {
  const source = decode(bytes);
  if (source.charCodeAt(0) === 0xfeff) {
    throw invalid("The body must not begin with a byte order mark");
  }
  if (nestsDeeperThan(source, maxDepth)) {
    throw invalid(`The body must not nest deeper than ${maxDepth} levels`);
  }
  const value = parse(source);
  refuseUnsafe(value);
  return value;
}

/**
 * Tells whether arrays and objects in JSON nest deeper than `limit` levels. It only looks at brackets, in one pass and
 * without recursion, so that deep nesting cannot exhaust the call stack.
 */
export function nestsDeeperThan(source: string, limit: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < source.length; at++) {
    const unit = source[at];
    if (quoted) {
      if (unit === "\\") {
        at++;
      } else if (unit === '"') {
        quoted = false;
      }
    } else if (unit === '"') {
      quoted = true;
    } else if (unit === "[" || unit === "{") {
      if (++depth > limit) {
        return true;
      }
    } else if (unit === "]" || unit === "}") {
      depth--;
    }
  }
  return false;
}

function decode(bytes: ArrayBuffer | Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw invalid("The body must be UTF-8");
  }
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    throw invalid("The body must be JSON");
  }
}

function refuseUnsafe(root: unknown): void {
  const unchecked: unknown[] = [root];
  while (unchecked.length > 0) {
    const value = unchecked.pop();
    if (typeof value === "number" && !isExact(value)) {
      throw invalid("The body contains a number that is too large to be exact");
    }
    if (typeof value === "object" && value !== null) {
      for (const [key, child] of Object.entries(value)) {
        if (forbiddenKeys.has(key)) {
          throw invalid("The body contains a field name that is not allowed");
        }
        unchecked.push(child);
      }
    }
  }
}

/** Tells whether a number is exact: above 2^53 neighbouring integers become the same, and 1e400 becomes Infinity. */
function isExact(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
}

function invalid(message: string): HttpError {
  return new HttpError(400, "invalid_json", message);
}
