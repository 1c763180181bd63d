import { HttpError } from "./errors";

const deepest = 32;
const forbiddenKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
// The mark is kept so that it can be refused: a decoder that drops it makes two byte sequences one document.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads JSON that nobody can read differently: UTF-8 without a byte order mark, at most 32 levels, no keys that reach
 * prototypes, no number a double cannot hold.
 * @throws {HttpError} 400 `invalid_json`
 */
export function parseJson(bytes: ArrayBuffer | Uint8Array): unknown {
  const source = decode(bytes);
  if (source.charCodeAt(0) === 0xfeff) {
    throw invalid("The body must not begin with a byte order mark");
  }
  if (deeperThan(source, deepest)) {
    throw invalid(`The body must not nest deeper than ${deepest} levels`);
  }
  const value = parse(source);
  refuseUnsafe(value);
  return value;
}

/** Whether arrays and objects nest deeper than `limit`; looks at brackets only, in one pass and without recursion. */
export function deeperThan(source: string, limit: number): boolean {
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
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === "number" && !exact(value)) {
      throw invalid("The body holds a number too large to be exact");
    }
    if (typeof value === "object" && value !== null) {
      for (const [key, child] of Object.entries(value)) {
        if (forbiddenKeys.has(key)) {
          throw invalid("The body holds a field name that is not allowed");
        }
        open.push(child);
      }
    }
  }
}

/** Past 2^53 neighbouring integers collapse into one, and 1e400 becomes Infinity. */
function exact(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
}

function invalid(message: string): HttpError {
  return new HttpError(400, "invalid_json", message);
}
