import { escaped } from "../log-text";
import { restVariable } from "./context-variables";
import type { RestExchange } from "./exchange";
import { defaultBody, type GatewayError, type GatewayResponseSettings, settingsOf } from "./gateway-responses";
import { type HeaderList, lastValue } from "./headers";
import { requestValue } from "./request-values";

/**
 * Answers a request with an error of the gateway itself, as the API customises it. Templates of such answers have
 * variables only, no Velocity.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
 */
export function refuse(exchange: RestExchange, error: GatewayError): void {
  exchange.error = error;
  const settings = settingsOf(error, exchange.api.gatewayResponses);
  const [type, body] = bodyOf(exchange, error, settings);
  const headers: HeaderList = [
    ["content-type", type],
    ["x-amzn-ErrorType", error.errorType],
    ...customHeaders(exchange, settings),
  ];
  exchange.send(settings?.statusCode ?? error.status, headers, Buffer.from(body));
}

/** The template of the content type that the client accepts, else of JSON, else the first. */
function bodyOf(
  exchange: RestExchange,
  error: GatewayError,
  settings: GatewayResponseSettings | undefined,
): readonly [type: string, body: string] {
  const templates = settings?.responseTemplates ?? {};
  const accepted = [lastValue(exchange.headers, "accept") ?? "", "application/json", ...Object.keys(templates)];
  const type = accepted.find((each) => Object.hasOwn(templates, each));
  if (type === undefined) return ["application/json", defaultBody(error)];
  return [type, filled(templates[type]!, exchange)];
}

const name = "(context|stageVariables|method\\.request)\\.([\\w.-]*\\w)";
const variableForm = new RegExp(`\\$(?:\\{${name}\\}|${name})`, "g");

function filled(template: string, exchange: RestExchange): string {
  return template.replace(variableForm, (_, ...[wrappedRoot, wrappedName, root = wrappedRoot, name = wrappedName]) => {
    if (root === "context" && name === "error.messageString") return JSON.stringify(exchange.error!.text);
    const value = root === "context" ? restVariable(name)?.(exchange) : sourceValue(exchange, `${root}.${name}`);
    return value === undefined ? "" : escaped(value);
  });
}

function customHeaders(exchange: RestExchange, settings: GatewayResponseSettings | undefined): HeaderList {
  const headers: [string, string][] = [];
  for (const [target, source] of Object.entries(settings?.responseParameters ?? {})) {
    const name = /^gatewayresponse\.header\.(.+)$/.exec(target)?.[1];
    const value = sourceValue(exchange, source);
    if (name !== undefined && value !== undefined) headers.push([name, value]);
  }
  return headers;
}

function sourceValue(exchange: RestExchange, source: string): string | undefined {
  const text = /^'(.*)'$/s.exec(source)?.[1];
  return text ?? requestValue(exchange, source);
}
