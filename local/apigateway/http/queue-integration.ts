import type { PlannedResource } from "../../../graph/model";
import { signedHeaders } from "../../iam/sigv4/signed-headers";
import { oneOf, required, unsupported } from "../../unsupported";
import { readBody } from "../body";
import type { AwsServices } from "../rest/integrations/aws-service";
import { compileTemplate, filledTemplate, type Template } from "../template";
import type { Exchange } from "./exchange";
import { type MappingSource, requestVariable } from "./mapping-values";
import { type ResponseMappings, readResponseMappings } from "./parameter-mapping";

/** An integration that puts messages into a queue. */
export interface QueueIntegration {
  readonly kind: "queue";
  readonly region: string;
  readonly roleArn: string;
  readonly timeoutMilliseconds: number;
  /** Parameters of SendMessage by name. */
  readonly parameters: ReadonlyMap<string, Template<MappingSource>>;
  readonly responses: ResponseMappings;
}

const demanded = ["QueueUrl", "MessageBody"];
const known = [...demanded, "MessageGroupId"];

/**
 * Reads an integration of the subtype SQS-SendMessage.
 * @throws {UserError} on what AWS refuses, and on parameters that are not run here
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services-reference.html
 */
export function readQueueIntegration(resource: PlannedResource, timeoutMilliseconds: number): QueueIntegration {
  const { credentialsArn, integrationSubtype, payloadFormatVersion, requestParameters = {} } = resource.outputs;
  oneOf(resource, "integrationSubtype", ["SQS-SendMessage"], integrationSubtype);
  oneOf(resource, "payloadFormatVersion", ["1.0"], payloadFormatVersion);
  for (const name of demanded) required(resource, `requestParameters.${name}`, requestParameters[name]);
  const parameters = Object.entries<string>(requestParameters).map(([name, text]) => {
    oneOf(resource, "requestParameters", known, name);
    const refuse = (variable: string) =>
      unsupported(resource, `requestParameters.${name}`, "text with variables of HTTP APIs", variable);
    return [name, compileTemplate(text, requestVariable, refuse)] as const;
  });
  return {
    kind: "queue",
    region: required(resource, "region", resource.region),
    roleArn: required(resource, "credentialsArn", credentialsArn),
    timeoutMilliseconds,
    parameters: new Map(parameters),
    responses: readResponseMappings(resource),
  };
}

/** Puts the message of a request into a queue as the integration's role, and answers with SQS's answer, which is XML. */
export async function sendToQueue(
  exchange: Exchange,
  integration: QueueIntegration,
  services: AwsServices,
): Promise<void> {
  const body = await readBody(exchange.req);
  if (body === "too-large") return exchange.refuse(413, "Request Entity Too Large");
  exchange.integrationStarted();
  const { region, roleArn, timeoutMilliseconds } = integration;
  const origin = services.origin("sqs", region);
  const keys = services.keysOf(roleArn);
  if (origin === undefined || keys === undefined) throw new Error(`nothing answers SQS in ${region} as ${roleArn}`);
  const form = Buffer.from(formOf(integration, { exchange, requestBody: body }));
  const sent = { method: "POST", headers: { host: new URL(origin).host }, body: form };
  try {
    const answer = await fetch(origin, {
      method: "POST",
      headers: {
        ...signedHeaders(sent, keys, { region, service: "sqs" }),
        "content-type": "application/x-www-form-urlencoded",
      },
      body: form,
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    const text = Buffer.from(await answer.arrayBuffer());
    exchange.integrationEnded(answer.status);
    const type = answer.headers.get("content-type");
    exchange.sendResponse(answer.status, type === null ? [] : ["content-type", type], text);
  } catch (error) {
    exchange.integrationEnded(undefined, (error as Error).name);
    exchange.refuse(503, "Service Unavailable");
  }
}

function formOf({ parameters }: QueueIntegration, source: MappingSource): string {
  const form = new URLSearchParams({ Action: "SendMessage", Version: "2012-11-05" });
  for (const [name, template] of parameters) {
    const value = filledTemplate(template, source);
    if (value !== undefined && value !== "") form.set(name, value);
  }
  return form.toString();
}
