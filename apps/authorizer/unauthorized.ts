/**
 * Throws the error that API Gateway answers with 401, and every other one with 500. Lambda logs each error that a function
 * throws, with its stack: of a client's wrong token that is one line.
 * @throws {Error} `Unauthorized`
 */
export function unauthorized(): never {
  const error = new Error("Unauthorized");
  error.stack = `${error.name}: ${error.message}`;
  throw error;
}
