import type { PlannedResource } from "../../../graph/model";
import { unsupported } from "../../unsupported";
import { percentDecoded } from "../percent-decoded";
import { compileTemplate, filledTemplate, type Template, type Variable } from "../template";
import { type MappingSource, readsBody, requestVariable, responseVariable } from "./mapping-values";

/** One change of a request or response. */
export interface ParameterMapping {
  readonly action: "append" | "overwrite" | "remove";
  readonly target: "header" | "querystring" | "path" | "statuscode";
  /** Of a header in lower case; of a query string as written; else empty. */
  readonly name: string;
  /** Empty for `remove`. */
  readonly value: Template<MappingSource>;
  readonly readsBody: boolean;
}

/** Changes of responses by their status. */
export type ResponseMappings = ReadonlyMap<number, readonly ParameterMapping[]>;

/** The parts of a request to an integration that mappings change. */
export interface MappedRequest {
  /** A flat list of names in lower case and values, changed in place. */
  readonly headers: string[];
  readonly path: string;
  /** Without `?`. */
  readonly query: string;
}

const reserved =
  /^(access-control-|apigw-|x-amz-|x-amzn-)|^(authorization|connection|content-(encoding|length|location)|forwarded|keep-alive|origin|proxy-authenti(cate|cation)|proxy-authorization|te|trailers?|transfer-encoding|upgrade|via|x-forwarded-(for|host|proto))$/;
const headerKey = /^(append|overwrite|remove):(header)\.([\w!#$%&'*+.^`|~-]+)$/;
const queryKey = /^(append|overwrite|remove):(querystring)\.(.+)$/;
const pathKey = /^(overwrite):(path)()$/;
const statusKey = /^(overwrite):(statuscode)()$/;

/**
 * Reads `requestParameters` of an integration.
 * @throws {UserError} on keys and values that AWS does not document, and on the headers it reserves
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 */
export function readRequestMappings(integration: PlannedResource): readonly ParameterMapping[] {
  const parameters = integration.outputs["requestParameters"] ?? {};
  return readMappings(integration, "requestParameters", parameters, {
    rule: "append, overwrite or remove:header.<name>, the same of querystring.<name>, or overwrite:path",
    keys: [headerKey, queryKey, pathKey],
    find: requestVariable,
  });
}

/**
 * Reads `responseParameters` of an integration.
 * @throws {UserError} as readRequestMappings does
 */
export function readResponseMappings(integration: PlannedResource): ResponseMappings {
  const planned: readonly any[] = integration.outputs["responseParameters"] ?? [];
  return new Map(
    planned.map(({ statusCode, mappings }) => [
      Number(statusCode),
      readMappings(integration, `responseParameters["${statusCode}"]`, mappings, {
        rule: "append, overwrite or remove:header.<name>, or overwrite:statuscode",
        keys: [headerKey, statusKey],
        find: responseVariable,
      }),
    ]),
  );
}

interface MappingRules {
  /** What a key must be. */
  readonly rule: string;
  readonly keys: readonly RegExp[];
  readonly find: (name: string) => Variable<MappingSource> | undefined;
}

function readMappings(
  integration: PlannedResource,
  property: string,
  parameters: Readonly<Record<string, string>>,
  { rule, keys, find }: MappingRules,
): readonly ParameterMapping[] {
  return Object.entries(parameters).map(([key, text]) => {
    const at = `${property}["${key}"]`;
    const [, action, target, name = ""] = keys.map((form) => form.exec(key)).find((found) => found !== null) ?? [];
    if (action === undefined) unsupported(integration, at, rule, key);
    const header = target === "header";
    if (header && reserved.test(name.toLowerCase())) {
      unsupported(integration, at, "a header that AWS does not reserve", name);
    }
    const refuse = (variable: string) => unsupported(integration, at, "text with variables of HTTP APIs", variable);
    return {
      action: action as ParameterMapping["action"],
      target: target as ParameterMapping["target"],
      name: header ? name.toLowerCase() : name,
      value: action === "remove" ? [] : compileTemplate(text, find, refuse),
      readsBody: readsBody(text),
    };
  });
}

/** Changes a request. A value that the client's request does not have adds nothing. */
export function mapRequest(
  list: readonly ParameterMapping[],
  request: MappedRequest,
  source: MappingSource,
): MappedRequest {
  let { path, query } = request;
  for (const change of list) {
    const value = wellFormed(filledTemplate(change.value, source));
    if (change.target === "header") changeHeader(request.headers, change, value);
    else if (change.target === "path") path = value === undefined ? path : pathText(value);
    else query = changedQuery(query, change, value);
  }
  return { headers: request.headers, path, query };
}

/** Changes a response: its headers in place. Returns its status. */
export function mapResponse(
  list: readonly ParameterMapping[],
  status: number,
  headers: string[],
  source: MappingSource,
): number {
  let mapped = status;
  for (const change of list) {
    const value = filledTemplate(change.value, source);
    if (change.target === "header") changeHeader(headers, change, value);
    else if (/^[2-5]\d\d$/.test(value ?? "")) mapped = Number(value);
  }
  return mapped;
}

/** Replaces lone surrogates, which a JSON body can contain and no URL can. */
function wellFormed(text: string | undefined): string | undefined {
  return text === undefined ? undefined : Buffer.from(text).toString();
}

function changeHeader(headers: string[], { action, name }: ParameterMapping, value: string | undefined): void {
  if (action !== "append") removeHeader(headers, name);
  if (action !== "remove" && value !== undefined) headers.push(name, headerText(value));
}

function changedQuery(query: string, { action, name }: ParameterMapping, value: string | undefined): string {
  const nameOf = (pair: string) => percentDecoded(pair.split("=", 1)[0]!.replaceAll("+", " "));
  const pairs = query.split("&").filter((pair) => pair !== "" && (action === "append" || nameOf(pair) !== name));
  if (action !== "remove" && value !== undefined)
    pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return pairs.join("&");
}

/** Encodes what a path cannot contain; what is encoded already stays as it is. */
function pathText(value: string): string {
  const encoded = value
    .replace(/%(?![0-9A-Fa-f]{2})/g, "%25")
    .replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]/gu, encodeURIComponent);
  return encoded.startsWith("/") ? encoded : `/${encoded}`;
}

function removeHeader(headers: string[], name: string): void {
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    if (headers[i]!.toLowerCase() === name) headers.splice(i, 2);
  }
}

/** Encodes a text for a header: UTF-8, one byte per character, without control characters that could end the line. */
function headerText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get through
  return Buffer.from(text.replace(/[\u0000-\u001f\u007f]/g, " ")).toString("latin1");
}
