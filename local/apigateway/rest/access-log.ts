import { UserError } from "../../../graph/user-error";
import { escaped } from "../log-text";
import { compileTemplate } from "../template";
import { restVariable } from "./context-variables";
import type { RestExchange } from "./exchange";

/**
 * Compiles the access log format of a REST API's stage to a function that writes one line. Values are escaped for JSON;
 * `-` stands for a value that a request does not have.
 * @throws {UserError} on a variable that the local gateway does not have
 */
export function compileRestLogFormat(format: string): (exchange: RestExchange) => string {
  const find = (name: string) => (name.startsWith("context.") ? restVariable(name.slice(8)) : undefined);
  const parts = compileTemplate(format, find, (variable) => {
    throw new UserError(
      `access log format: every variable must be one the local gateway has, got ${variable}; remove it, or add it to local/apigateway/rest/context-variables.ts`,
    );
  });
  return (exchange) => parts.map((part) => (typeof part === "string" ? part : escaped(part(exchange) ?? "-"))).join("");
}
