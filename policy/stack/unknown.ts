/** A value that only the deployment can tell. */
export const UNKNOWN = Symbol("unknown");

/** A property was read whose value is not known before the deployment. */
export class UnknownInput extends Error {
  override readonly name = "UnknownInput";
  constructor(path: string) {
    super(`${path} is not known before deployment`);
  }
}

/** The evaluator throws an error of its own, which its package does not export. */
export function isUnknownError(error: unknown): error is Error {
  return error instanceof UnknownInput || (error as Error)?.constructor?.name === "UnknownValueError";
}

/** What a read gives, or UNKNOWN. */
export function peek<T>(read: () => T): T | typeof UNKNOWN {
  try {
    return read();
  } catch (error) {
    if (isUnknownError(error)) return UNKNOWN;
    throw error;
  }
}

/** The path an unknown was met at, for people. */
export function unknownPath(error: Error): string {
  const found = /value at \.(.+) can't be known/.exec(error.message)?.[1];
  return found === undefined ? error.message : `${found} is not known before deployment`;
}
