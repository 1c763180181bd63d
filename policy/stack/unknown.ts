/** Stands for a value that only the deployment can tell. */
export const UNKNOWN = Symbol("unknown");

/** What messages say of such a value. */
export const NOT_KNOWN = "is not known before deployment";

/** Thrown when a property is read whose value is not known before the deployment. */
export class UnknownInput extends Error {
  override readonly name = "UnknownInput";
  constructor(path: string) {
    super(`${path} ${NOT_KNOWN}`);
  }
}

/** Tells whether an error is about an unknown value; the evaluator has a class of its own, which it does not export. */
export function isUnknownError(error: unknown): error is Error {
  return error instanceof UnknownInput || (error as Error)?.constructor?.name === "UnknownValueError";
}

/** Returns what a read gives, or UNKNOWN. */
export function peek<T>(read: () => T): T | typeof UNKNOWN {
  try {
    return read();
  } catch (error) {
    if (isUnknownError(error)) return UNKNOWN;
    throw error;
  }
}

/**
 * Tells whether a text has a part that only the deployment can tell: a component that runs in a plugin, such as
 * awsx.ecr.Image, joins its texts from the engine's placeholder for unknown values while it is only previewed.
 */
export function hasUnknownPart(text: string): boolean {
  return text.includes("[unknown]") || text.includes(enginePlaceholder);
}

/** The engine's placeholder for an unknown text (`UnknownStringValue` of Pulumi's SDK). */
const enginePlaceholder = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Returns the path of the unknown value, for people. */
export function unknownPath(error: Error): string {
  const found = /value at \.(.+) can't be known/.exec(error.message)?.[1];
  return found === undefined ? error.message : `${found} ${NOT_KNOWN}`;
}
