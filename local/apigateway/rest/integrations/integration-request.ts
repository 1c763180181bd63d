import type { RestExchange } from "../exchange";
import { GatewayError, internalError } from "../gateway-responses";
import { type HeaderList, lastValue } from "../headers";
import { convertedRequest, isBinaryType } from "../media-types";
import { overridesOf, renderTemplate } from "../templates/mapping-template";
import type { MappedParameters } from "./parameter-mapping";

/** A request to an integration whose body is mapped, with its parameters. */
export interface MappedRequest extends MappedParameters {
  readonly body: Buffer;
}

/**
 * Maps the body of a request to an integration that is no proxy, by the template of its content type.
 * @param parameters  those that `requestParameters` made; what a template overrides replaces them
 * @throws {GatewayError} 415 when no template matches and the integration does not pass such bodies
 */
export function mapRequestBody(
  exchange: RestExchange,
  parameters: MappedParameters,
  log: (message: string) => void,
): MappedRequest {
  const { integration } = exchange.method!;
  const template = chooseTemplate(exchange);
  const binary = isBinaryType(exchange.headers, "content-type", exchange.api.binaryMediaTypes);
  const converted = convertedRequest(exchange.body, binary, integration.contentHandling);
  if (converted === undefined) throw internalError();
  if (template === undefined) return { ...parameters, body: Buffer.from(converted as string) };
  // A template maps text only.
  if (typeof converted !== "string") throw internalError();
  const body = Buffer.from(renderTemplate(exchange, template, converted, log));
  return { ...overridden(parameters, exchange), body };
}

/**
 * A missing content type counts as JSON, and `$default` matches every type.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
 */
function chooseTemplate({ headers, method }: RestExchange): string | undefined {
  const { requestTemplates, passthroughBehavior } = method!.integration;
  const type = lastValue(headers, "content-type") ?? "application/json";
  const essence = type.split(";", 1)[0]!.trim();
  const template = [type, essence, "$default"].find((each) => Object.hasOwn(requestTemplates, each));
  if (template !== undefined) return requestTemplates[template];
  const none = Object.keys(requestTemplates).length === 0;
  if (passthroughBehavior === "NEVER" || (passthroughBehavior === "WHEN_NO_TEMPLATES" && !none)) {
    throw new GatewayError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type");
  }
  return undefined;
}

function overridden(parameters: MappedParameters, exchange: RestExchange): MappedParameters {
  const { header, path, querystring } = overridesOf(exchange).requestOverride;
  return {
    header: merged(parameters.header, header),
    path: {
      ...parameters.path,
      ...Object.fromEntries(Object.entries(path).map(([name, each]) => [name, String(each)])),
    },
    querystring: merged(parameters.querystring, querystring),
  };
}

function merged(list: HeaderList, overrides: Readonly<Record<string, unknown>>): HeaderList {
  const others = Object.entries(overrides).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each) => [name, String(each)] as const),
  );
  return [...list.filter(([name]) => !Object.hasOwn(overrides, name)), ...others];
}

/** Returns a URI in which stage variables and `{parameters}` have their values. */
export function filledUri(exchange: RestExchange, path: Readonly<Record<string, string>>): string {
  return exchange
    .method!.integration.uri.replace(/\$\{stageVariables\.([\w.-]+)\}/g, (_, name: string) =>
      String(exchange.stageVariables?.[name] ?? ""),
    )
    .replace(/\{([^{}]+)\}/g, (found, name: string) => (Object.hasOwn(path, name) ? path[name]! : found));
}
