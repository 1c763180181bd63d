import { Unknown } from "./client/value";

/** An argument that came back otherwise, list indexes left out: `health_check_custom_config`. */
export interface Difference {
  readonly path: string;
  readonly wanted: unknown;
  /** Unset for what did not come back at all. */
  readonly got: unknown;
}

/**
 * Compares what was asked for with what a state holds. What was not asked for, and what is still unknown, is left out;
 * lists are compared in any order, as the provider's sets have none, and JSON by what it says.
 */
export function differences(wanted: unknown, got: unknown, path = ""): Difference[] {
  if (wanted === null || wanted === undefined || wanted instanceof Unknown || got instanceof Unknown) return [];
  if (Array.isArray(wanted)) return listDifferences(wanted, Array.isArray(got) ? got : [], path);
  if (typeof wanted === "object" && typeof got === "object" && got !== null) {
    return Object.entries(wanted).flatMap(([key, value]) =>
      differences(value, (got as Record<string, unknown>)[key], path === "" ? key : `${path}.${key}`),
    );
  }
  const [document, other] = [json(wanted), json(got)];
  if (document !== undefined && other !== undefined) return differences(document, other, path);
  return same(wanted, got) ? [] : [{ path, wanted, got: got ?? undefined }];
}

function listDifferences(wanted: readonly unknown[], got: readonly unknown[], path: string): Difference[] {
  const left = [...got];
  const unmatched = wanted.filter((element) => {
    const at = left.findIndex((other) => differences(element, other, path).length === 0);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return unmatched.flatMap((element) => {
    if (left.length === 0) return [{ path, wanted: element, got: undefined }];
    const each = left.map((other) => differences(element, other, path));
    const nearest = each.reduce((best, found, at) => (found.length < each[best]!.length ? at : best), 0);
    left.splice(nearest, 1);
    return each[nearest]!;
  });
}

/** A number with a fraction comes back as text. */
function same(wanted: unknown, got: unknown): boolean {
  return wanted === got || (typeof wanted === "number" && typeof got === "string" && wanted === Number(got));
}

/** The object or list that text says; unset for other text. */
function json(text: unknown): object | undefined {
  if (typeof text !== "string" || !/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
