import { restVariable } from "./context-variables";
import type { RestExchange } from "./exchange";
import type { HeaderList } from "./headers";
import { selectPath } from "./json-path";

/**
 * Reads a value of a request by the name that parameter mappings use. Names are compared as they are written.
 * @param source  `method.request.<place>.<name>`, `method.request.body`, `context.<name>` or `stageVariables.<name>`
 * @returns undefined when the request has no such value
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function requestValue(exchange: RestExchange, source: string): string | undefined {
  return requestValues(exchange, source)?.join(",");
}

/** Reads the values of a request by the name that parameter mappings use; several only of a multi-value source. */
export function requestValues(exchange: RestExchange, source: string): readonly string[] | undefined {
  const [, root, rest = ""] = /^(method\.request|context|stageVariables)\.(.+)$/s.exec(source) ?? [];
  switch (root) {
    case "context": {
      const value = restVariable(rest)?.(exchange);
      return value === undefined ? undefined : [String(value)];
    }
    case "stageVariables":
      return single(own(exchange.stageVariables, rest));
    case "method.request":
      return methodValues(exchange, rest);
    default:
      return undefined;
  }
}

function methodValues(exchange: RestExchange, name: string): readonly string[] | undefined {
  if (name === "body" || name.startsWith("body.")) return single(bodyValue(exchange.body.toString(), name.slice(5)));
  const [, place, key = ""] = /^(\w+)\.(.+)$/s.exec(name) ?? [];
  switch (place) {
    case "path":
      return single(own(exchange.pathParameters, key));
    case "querystring":
      return valuesOf(exchange.query, key)?.slice(-1);
    case "multivaluequerystring":
      return valuesOf(exchange.query, key);
    case "header":
      return valuesOf(exchange.headers, key)?.slice(-1);
    case "multivalueheader":
      return single(valuesOf(exchange.headers, key)?.join(","));
    default:
      return undefined;
  }
}

/**
 * Reads a body whole, or by a path in it. A body that is empty counts as `{}`.
 * @param path  JSONPath without `$.`; empty for the whole body
 */
export function bodyValue(body: string, path: string): string | undefined {
  const text = body.trim() === "" ? "{}" : body;
  if (path === "") return text;
  try {
    const value = selectPath(JSON.parse(text), `$.${path}`);
    if (value === undefined || value === null) return undefined;
    return typeof value === "string" ? value : JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** Returns the values of a name that is written exactly so. */
export function valuesOf(list: HeaderList, name: string): readonly string[] | undefined {
  const values = list.filter(([each]) => each === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values;
}

function own(values: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return values && Object.hasOwn(values, name) ? values[name] : undefined;
}

function single(value: string | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : [value];
}
