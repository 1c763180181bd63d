import type { RestExchange } from "../exchange";
import type { Answer } from "../function-answer";
import { internalError } from "../gateway-responses";
import { type HeaderList, lastValue, replaced, withDefaults } from "../headers";
import { convertedResponse, isBinaryType } from "../media-types";
import type { IntegrationResponse } from "../methods";
import { overridesOf, renderTemplate } from "../templates/mapping-template";
import { mapResponseParameters } from "./parameter-mapping";

/**
 * Maps the answer of an integration that is no proxy: only what the chosen response says reaches the client.
 * @param selector  what selection patterns are compared with: the status, or the error message of a function
 * @throws {GatewayError} when no response is planned for it
 */
export function mapAnswer(
  exchange: RestExchange,
  answer: Answer,
  selector: string,
  log: (message: string) => void,
): Answer {
  const chosen = chooseResponse(exchange, selector);
  const headers = mapResponseParameters(exchange, chosen.responseParameters, answer.headers, answer.body);
  const binary = isBinaryType(answer.headers, "content-type", exchange.api.binaryMediaTypes);
  const accepted = isBinaryType(exchange.headers, "accept", exchange.api.binaryMediaTypes);
  const converted = convertedResponse(answer.body, binary, accepted, chosen.contentHandling);
  if (converted === undefined) throw internalError();
  const [type, template] = chooseTemplate(exchange, chosen);
  if (template !== undefined && typeof converted !== "string") throw internalError();
  const body = template === undefined ? converted : renderTemplate(exchange, template, converted as string, log);
  const { status, header } = overridesOf(exchange).responseOverride;
  return {
    status: statusOf(status) ?? chosen.statusCode,
    headers: withDefaults(replaced(headers, textsOf(header)), [["Content-Type", type]]),
    body: Buffer.from(body as string),
  };
}

function chooseResponse({ method }: RestExchange, selector: string): IntegrationResponse {
  const { responses } = method!.integration;
  // `.` does not match a line end in Java either, so that a pattern must say so for messages of several lines.
  const matching = responses.find(
    ({ selectionPattern: pattern }) => pattern !== "" && new RegExp(`^(?:${pattern})$`).test(selector),
  );
  const chosen = matching ?? responses.find(({ selectionPattern }) => selectionPattern === "");
  if (chosen === undefined) throw internalError();
  return chosen;
}

/** The template of the type that the client accepts, else that of JSON, else the first; with the type of the answer. */
function chooseTemplate(
  { headers }: RestExchange,
  { responseTemplates }: IntegrationResponse,
): readonly [type: string, template: string | undefined] {
  const accepted = lastValue(headers, "accept") ?? "";
  const types = [accepted, "application/json", ...Object.keys(responseTemplates)];
  const type = types.find((each) => Object.hasOwn(responseTemplates, each));
  return type === undefined ? ["application/json", undefined] : [type, responseTemplates[type]];
}

/** A status that is none is ignored. */
function statusOf(status: unknown): number | undefined {
  const number = Number(status);
  return Number.isInteger(number) && number >= 100 && number <= 599 ? number : undefined;
}

function textsOf(headers: Readonly<Record<string, unknown>>): HeaderList {
  return Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each) => [name, String(each)] as const),
  );
}
