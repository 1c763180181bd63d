import { percentDecoded } from "../percent-decoded";
import { headerValues } from "../request-headers";
import type { Variable } from "../template";
import { type ContextSource, contextVariable } from "./context-variables";
import { pathParameters } from "./router";

/** What the values of parameter mappings are read from. */
export interface MappingSource {
  readonly exchange: ContextSource;
  /** Unset where no mapping reads it. */
  readonly requestBody?: Buffer;
  /** Unset in mappings of requests. */
  readonly response?: { readonly headers: readonly string[]; readonly body: Buffer | undefined };
}

type MappedVariable = Variable<MappingSource>;

/** API Gateway cuts a body here before it reads a value by a path, so that a longer one is no JSON. */
const maxSelectedBytes = 100 * 1_024;
const bodyForm = /^(request|response)\.body((?:\.[\w*-]+|\[(?:\d+|\*|'[^']*')\])*)$/;
const stepForm = /\.([\w*-]+)|\[(?:(\d+|\*)|'([^']*)')\]/g;

/**
 * Finds the variable with a name in mappings of requests.
 * @example requestVariable("request.header.x-id")
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 */
export function requestVariable(name: string): MappedVariable | undefined {
  const [, kind, rest = ""] = /^request\.(header|querystring|path)(?:\.(.+))?$/.exec(name) ?? [];
  if (kind === "path" && rest === "") return ({ exchange }) => exchange.path;
  if (kind === undefined || rest === "") return bodyVariable("request", name) ?? sharedVariable(name);
  return {
    header: ({ exchange }: MappingSource) => joined(headerValues(exchange.req, rest.toLowerCase())),
    querystring: ({ exchange }: MappingSource) => joined(queryValues(exchange.query, rest)),
    path: ({ exchange }: MappingSource) => pathValue(exchange, rest),
  }[kind];
}

/** Finds the variable with a name in mappings of responses. */
export function responseVariable(name: string): MappedVariable | undefined {
  const header = /^response\.header\.(.+)$/.exec(name)?.[1]?.toLowerCase();
  if (header === undefined) return bodyVariable("response", name) ?? sharedVariable(name);
  return ({ response }) => {
    const flat = response?.headers ?? [];
    return joined(flat.filter((_, i) => i % 2 === 1 && flat[i - 1]!.toLowerCase() === header));
  };
}

/** Tells whether a planned text reads the body of a request or response. */
export function readsBody(text: string): boolean {
  return /\$\{?(?:request|response)\.body/.test(text);
}

function sharedVariable(name: string): MappedVariable | undefined {
  const [, kind, rest = ""] = /^(context|stageVariables)\.(.+)$/.exec(name) ?? [];
  if (kind === "stageVariables") return ({ exchange }) => own(exchange.stage?.variables, rest);
  const read = kind === undefined ? undefined : contextVariable(rest);
  return read && (({ exchange }) => read(exchange));
}

function bodyVariable(of: "request" | "response", name: string): MappedVariable | undefined {
  const [, kind, path] = bodyForm.exec(name) ?? [];
  if (kind !== of || path === undefined) return undefined;
  const steps = [...path.matchAll(stepForm)].map(([, dotted, indexed, quoted]) => dotted ?? indexed ?? quoted ?? "");
  return ({ requestBody, response }) => {
    const body = of === "request" ? requestBody : response?.body;
    if (body === undefined || body.length === 0) return undefined;
    return steps.length === 0 ? body.toString() : selected(body, steps);
  };
}

/** Reads a value of a JSON body; texts as they are, everything else as JSON. */
function selected(body: Buffer, steps: readonly string[]): string | undefined {
  if (body.length > maxSelectedBytes) return undefined;
  let values: unknown[];
  try {
    values = [JSON.parse(body.toString())];
  } catch {
    return undefined;
  }
  for (const step of steps) values = values.flatMap((value) => stepInto(value, step));
  const value = steps.includes("*") ? values : values[0];
  return typeof value === "string" || value === undefined ? value : JSON.stringify(value);
}

function stepInto(value: unknown, step: string): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (step === "*") return Object.values(value);
  return Object.hasOwn(value, step) ? [(value as Record<string, unknown>)[step]] : [];
}

function queryValues(query: string, name: string): readonly string[] {
  const pairs = query.split("&").map((pair) => pair.split("="));
  const text = (part: string) => percentDecoded(part.replaceAll("+", " "));
  return pairs.filter(([key = ""]) => text(key) === name).map(([, ...rest]) => text(rest.join("=")));
}

function pathValue({ route, segments }: ContextSource, name: string): string | undefined {
  return route && own(pathParameters(route, segments), name);
}

function own(values: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return values && Object.hasOwn(values, name) ? values[name] : undefined;
}

/** Several values of one name become one, with commas. */
function joined(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.join(",");
}
