import type { RestExchange } from "../exchange";
import { singleValues } from "../headers";
import { selectPath } from "../json-path";
import { jsonList, parsedJson } from "./java-values";

/**
 * Makes the variable `$input` of a mapping template.
 * @param body  of the request, or of the integration's answer, as text
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
 */
export function inputVariable({ pathParameters = {}, query, headers }: RestExchange, body: string) {
  const params: Readonly<Record<string, Record<string, string>>> = {
    path: { ...pathParameters },
    querystring: { ...singleValues(query) },
    header: { ...singleValues(headers) },
  };
  const select = (path: unknown) => {
    if (body.trim() === "") return undefined;
    const value = parsedOrMissing(body);
    const selected = value === undefined ? undefined : selectPath(value, String(path ?? "$"));
    return Array.isArray(selected) ? jsonList(selected) : selected;
  };
  return {
    body: body === "" ? "{}" : body,
    json: (path: unknown) => JSON.stringify(select(path) ?? ""),
    path: select,
    params: (name?: string) =>
      name === undefined
        ? params
        : ([params["path"]!, params["querystring"]!, params["header"]!].find((each) => Object.hasOwn(each, name))?.[
            name
          ] ?? ""),
  };
}

function parsedOrMissing(text: string): unknown {
  try {
    return parsedJson(text);
  } catch {
    return undefined;
  }
}

/** The variable `$util` of mapping templates. */
export const utilVariable = {
  escapeJavaScript: (value: unknown) => (value === null || value === undefined ? "null" : escapedJavaScript(value)),
  parseJson: (text: unknown) => parsedOrMissing(String(text)),
  urlEncode: (text: unknown) =>
    encodeURIComponent(text === undefined || text === null ? "" : String(text))
      .replaceAll("%20", "+")
      .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`),
  urlDecode: (text: unknown) => decodeURIComponent(String(text).replaceAll("+", " ")),
  base64Encode: (text: unknown) => Buffer.from(String(text)).toString("base64"),
  base64Decode: (text: unknown) => Buffer.from(String(text), "base64").toString(),
};

/** A single quote is escaped as well, which JSON does not allow; AWS documents that templates must undo it. */
function escapedJavaScript(value: unknown): string {
  return JSON.stringify(String(value)).slice(1, -1).replaceAll("'", "\\'");
}
