/**
 * Ends a switch over a union. It does not compile while the switch leaves a member of the union out.
 * @throws {Error} when a value from outside, such as another stack's output, has a kind this program does not know
 */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
