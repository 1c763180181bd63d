/**
 * Refuses a value that no case of a switch over a union took. A switch that ends with this call does not compile while
 * it leaves a member of the union out.
 * @throws {Error} always: at run time only a value from outside, such as another stack's output, gets here
 */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
