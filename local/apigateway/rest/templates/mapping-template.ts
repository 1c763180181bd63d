import { requestContext } from "../context-variables";
import type { RestExchange } from "../exchange";
import { internalError } from "../gateway-responses";
import { inputVariable, utilVariable } from "./template-variables";
import { renderVelocity } from "./velocity";

/** What templates set to change a request or an answer beyond its body. */
export interface Overrides {
  readonly requestOverride: Readonly<Record<"header" | "path" | "querystring", Record<string, unknown>>>;
  readonly responseOverride: { status?: unknown; readonly header: Record<string, unknown> };
}

/** `$context` of an exchange: its templates share it, so that one can read what an earlier one set. */
const contexts = new WeakMap<RestExchange, Overrides & Record<string, unknown>>();

/** Returns what the templates of an exchange have set. */
export function overridesOf(exchange: RestExchange): Overrides {
  return contextOf(exchange);
}

/**
 * Renders a mapping template.
 * @param body  of the request, or of the integration's answer
 * @param log  gets why a template cannot be rendered
 * @throws {GatewayError} when the template cannot be rendered
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html
 */
export function renderTemplate(
  exchange: RestExchange,
  template: string,
  body: string,
  log: (message: string) => void,
): string {
  const variables = {
    context: contextOf(exchange),
    input: inputVariable(exchange, body),
    stageVariables: { ...exchange.stageVariables },
    util: utilVariable,
  };
  try {
    return renderVelocity(template.trim(), variables);
  } catch (error) {
    log(`gateway: a template of ${exchange.httpMethod} ${exchange.method?.path} failed: ${(error as Error).message}`);
    throw internalError();
  }
}

function contextOf(exchange: RestExchange): Overrides & Record<string, unknown> {
  const known = contexts.get(exchange);
  if (known !== undefined) return known;
  const values = requestContext(exchange);
  const context = {
    ...values,
    requestOverride: { header: {}, path: {}, querystring: {} },
    responseOverride: { header: {} },
    // Recorded: `$context.get` finds texts only, no maps.
    get: (name: unknown) => (typeof values[String(name)] === "string" ? values[String(name)] : undefined),
  };
  contexts.set(exchange, context);
  return context;
}
