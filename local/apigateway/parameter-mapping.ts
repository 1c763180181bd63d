import type { PlannedResource } from "../../graph/model";
import { unsupported } from "../unsupported";
import { type ContextSource, type ContextVariable, compileTemplate } from "./context-variables";

/** A change of one header before a request is forwarded. */
export interface HeaderMapping {
  readonly action: "append" | "overwrite" | "remove";
  /** Lower case. */
  readonly header: string;
  /** Literal texts and variables of the value; empty for `remove`. */
  readonly value: readonly (string | ContextVariable)[];
}

const reserved =
  /^(access-control-|apigw-|x-amz-|x-amzn-)|^(authorization|connection|content-(encoding|length|location)|forwarded|keep-alive|origin|proxy-authenti(cate|cation)|te|trailers?|transfer-encoding|upgrade|via|x-forwarded-(for|host|proto))$/;

/**
 * Reads `requestParameters` of an integration. Supports headers only, set to text with `$context` variables.
 * @throws {UserError} on any other key or value, and on the headers AWS reserves
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 */
export function readHeaderMappings(integration: PlannedResource): readonly HeaderMapping[] {
  const parameters: Record<string, string> = integration.outputs["requestParameters"] ?? {};
  return Object.entries(parameters).map(([key, text]) => {
    const property = `requestParameters["${key}"]`;
    const [, action, name] = /^(append|overwrite|remove):header\.([\w!#$%&'*+.^`|~-]+)$/.exec(key) ?? [];
    if (action === undefined || name === undefined) {
      unsupported(integration, property, "append:header.<name>, overwrite:header.<name> or remove:header.<name>", key);
    }
    const header = name.toLowerCase();
    if (reserved.test(header)) unsupported(integration, property, "a header that AWS does not reserve", name);
    const refuse = () => unsupported(integration, property, "text with $context variables", text);
    return {
      action: action as HeaderMapping["action"],
      header,
      value: action === "remove" ? [] : compileTemplate(text, refuse),
    };
  });
}

/**
 * Changes a flat list of names (lower case) and values in place. Nothing is added when the request lacks a variable.
 */
export function applyHeaderMappings(
  mappings: readonly HeaderMapping[],
  exchange: ContextSource,
  headers: string[],
): void {
  for (const { action, header, value } of mappings) {
    const values = value.map((part) => (typeof part === "string" ? part : part(exchange)));
    if (action !== "append") removeHeader(headers, header);
    if (action !== "remove" && !values.includes(undefined)) headers.push(header, headerText(values.join("")));
  }
}

function removeHeader(headers: string[], name: string): void {
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    if (headers[i] === name) headers.splice(i, 2);
  }
}

/** Encodes a text for a header: UTF-8, one byte per character, without control characters that could end the line. */
function headerText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get through
  return Buffer.from(text.replace(/[\u0000-\u001f\u007f]/g, " ")).toString("latin1");
}
