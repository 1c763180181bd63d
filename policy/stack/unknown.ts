/** Stands for a value that only the deployment can tell. */
export const UNKNOWN = Symbol("unknown");

/** Thrown when a property is read whose value is not known before the deployment. */
export class UnknownInput extends Error {
  override readonly name = "UnknownInput";
  constructor(path: string) {
    super(`${path} is not known before deployment`);
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

/** Returns the path of the unknown value, for people. */
export function unknownPath(error: Error): string {
  const found = /value at \.(.+) can't be known/.exec(error.message)?.[1];
  return found === undefined ? error.message : `${found} is not known before deployment`;
}
