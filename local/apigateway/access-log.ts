import { UserError } from "../../graph/user-error";
import { contextVariable } from "./context-variables";
import type { Exchange } from "./exchange";
import { compileTemplate } from "./template";

/**
 * Compiles a planned access log format to a function that writes one log line. Values are escaped for JSON; `-` is
 * written for a value that a request does not have. No variable contains credentials or a query.
 * @throws {Error} on a variable that the local gateway does not have
 */
export function compileLogFormat(format: string): (exchange: Exchange) => string {
  const find = (name: string) => (name.startsWith("context.") ? contextVariable(name.slice(8)) : undefined);
  const parts = compileTemplate(format, find, (variable) => {
    throw new UserError(
      `access log format: every variable must be one the local gateway has, got ${variable}; remove it, or add it to local/apigateway/context-variables.ts`,
    );
  });
  return (exchange) => {
    let line = "";
    for (const part of parts) line += typeof part === "string" ? part : escaped(part(exchange) ?? "-");
    return line;
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences for terminals are among them
const needsEscape = /[\u0000-\u001f"\\\u007f-\u009f\u2028\u2029]/;

function escaped(value: string | number): string {
  if (typeof value === "number") return String(value);
  if (!needsEscape.test(value)) return value;
  return JSON.stringify(value)
    .slice(1, -1)
    .replace(/[\u007f-\u009f\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
