import { UserError } from "../../../graph/user-error";
import { escaped } from "../log-text";
import { compileTemplate } from "../template";
import { contextVariable } from "./context-variables";
import type { Exchange } from "./exchange";

/**
 * Compiles a planned access log format to a function that writes one log line. Values are escaped for JSON; `-` is
 * written for a value that a request does not have. No variable contains credentials or a query.
 * @throws {Error} on a variable that the local gateway does not have
 */
export function compileLogFormat(format: string): (exchange: Exchange) => string {
  const find = (name: string) => (name.startsWith("context.") ? contextVariable(name.slice(8)) : undefined);
  const parts = compileTemplate(format, find, (variable) => {
    throw new UserError(
      `access log format: every variable must be one the local gateway has, got ${variable}; remove it, or add it to local/apigateway/http/context-variables.ts`,
    );
  });
  return (exchange) => {
    let line = "";
    for (const part of parts) line += typeof part === "string" ? part : escaped(part(exchange) ?? "-");
    return line;
  };
}
