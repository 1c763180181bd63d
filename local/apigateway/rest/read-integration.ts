import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { oneOf, required, unsupported } from "../../unsupported";
import type { ContentHandling, IntegrationResponse, IntegrationType, Json, RestIntegration } from "./methods";

const known = new Set([
  ...["type", "httpMethod", "uri", "credentials", "connectionType", "connectionId", "integrationTarget"],
  ...["requestParameters", "requestTemplates", "passthroughBehavior", "contentHandling", "timeoutInMillis"],
  ...["responseTransferMode", "cacheKeyParameters", "cacheNamespace", "responses"],
]);
const types: readonly IntegrationType[] = ["AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"];
const behaviors = ["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"] as const;
const handlings: readonly (ContentHandling | undefined)[] = ["CONVERT_TO_BINARY", "CONVERT_TO_TEXT", undefined];
/** Longest time that API Gateway waits for an answer that is not streamed, unless its quota was raised. */
const longestMilliseconds = 29_000;
const longestStreamMilliseconds = 900_000;

/**
 * Reads `x-amazon-apigateway-integration` of an operation.
 * @param at  place in the document, for messages
 * @throws {UserError} on what the local gateway does not run, and with AWS's own sentence on what AWS refuses
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
 */
export function readIntegration(index: GraphIndex, api: PlannedResource, at: string, planned: Json): RestIntegration {
  const given = required(api, at, planned);
  const extra = Object.keys(given).find((key) => !known.has(key));
  if (extra !== undefined) unsupported(api, `${at}.${extra}`, "unset", given[extra]);
  const type = oneOf(api, `${at}.type`, types, String(given.type).toUpperCase() as IntegrationType);
  const streaming = isStreaming(api, at, given, type);
  return {
    type,
    httpMethod: given.httpMethod?.toUpperCase(),
    uri: type === "MOCK" ? "" : readUri(api, at, given, type, streaming),
    credentials: given.credentials,
    listener: given.connectionType === "VPC_LINK" ? readListener(index, api, at, given) : undefined,
    requestParameters: given.requestParameters ?? {},
    requestTemplates: given.requestTemplates ?? {},
    passthroughBehavior: oneOf(api, `${at}.passthroughBehavior`, behaviors, behaviorOf(given)),
    contentHandling: oneOf(api, `${at}.contentHandling`, handlings, given.contentHandling ?? undefined),
    timeoutMilliseconds: readTimeout(api, at, given, streaming),
    streaming,
    cacheKeyParameters: given.cacheKeyParameters ?? [],
    responses: Object.entries(given.responses ?? {}).map(([pattern, response]) =>
      readResponse(api, `${at}.responses["${pattern}"]`, pattern, response),
    ),
  };
}

function behaviorOf({ passthroughBehavior = "WHEN_NO_MATCH" }: Json) {
  return String(passthroughBehavior).toUpperCase() as (typeof behaviors)[number];
}

function isStreaming(api: PlannedResource, at: string, given: Json, type: IntegrationType): boolean {
  const modes = type === "AWS_PROXY" || type === "HTTP_PROXY" ? ["BUFFERED", "STREAM"] : ["BUFFERED"];
  return oneOf(api, `${at}.responseTransferMode`, modes, given.responseTransferMode ?? "BUFFERED") === "STREAM";
}

function readTimeout(api: PlannedResource, at: string, given: Json, streaming: boolean): number {
  const { timeoutInMillis: time = longestMilliseconds } = given;
  const longest = streaming ? longestStreamMilliseconds : longestMilliseconds;
  if (!(time >= 50 && time <= longest)) unsupported(api, `${at}.timeoutInMillis`, `50-${longest}`, time);
  return time;
}

function readUri(api: PlannedResource, at: string, given: Json, type: IntegrationType, streaming: boolean): string {
  const uri: string = required(api, `${at}.uri`, given.uri);
  if (type === "HTTP" || type === "HTTP_PROXY") {
    if (!/^https?:\/\/[^/?#\s]+/.test(uri)) refused(api, at, "Invalid HTTP endpoint specified for URI", uri);
    return uri;
  }
  if (!/^arn:[^:]+:apigateway:[^:]+:[^:]+:(path|action)\/./.test(uri)) {
    refused(api, at, "Invalid ARN specified in the request", uri);
  }
  if (type === "AWS") return uri;
  const invocation = /:lambda:path\/\d{4}-\d\d-\d\d\/functions\/.+\/(invocations|response-streaming-invocations)$/.exec(
    uri,
  );
  if (invocation === null) {
    const only = "currently only supports Lambda function and Firehose stream invocations.";
    refused(api, at, `Integrations of type 'AWS_PROXY' ${only}`, uri);
  }
  const ending = streaming ? "response-streaming-invocations" : "invocations";
  if (invocation[1] !== ending) unsupported(api, `${at}.uri`, `an ARN that ends in /${ending}`, uri);
  return uri;
}

/** Refuses with the sentence that AWS would answer to the import of the document. */
function refused(api: PlannedResource, at: string, sentence: string, uri: string): never {
  return unsupported(api, `${at}.uri`, `one that AWS takes, which answers "${sentence}" here,`, uri);
}

function readListener(index: GraphIndex, api: PlannedResource, at: string, given: Json): RestIntegration["listener"] {
  const links = index.where("aws:apigatewayv2/vpcLink:VpcLink", { id: given.connectionId });
  if (links.length === 0)
    unsupported(api, `${at}.connectionId`, "the id of a planned VPC link of version 2", given.connectionId);
  const target: string = required(api, `${at}.integrationTarget`, given.integrationTarget);
  const [, scheme, written] = /^(https?):\/\/[^/?#:]+(?::(\d+))?/.exec(given.uri) ?? [];
  const port = Number(written ?? (scheme === "https" ? 443 : 80));
  const [listener] = index.where("aws:lb/listener:Listener", { loadBalancerArn: target, port });
  const { arn } = required(api, `${at}.integrationTarget`, listener).outputs;
  return { arn, port };
}

function readResponse(api: PlannedResource, at: string, pattern: string, given: Json): IntegrationResponse {
  const { statusCode, responseParameters = {}, responseTemplates = {}, contentHandling } = given;
  if (!/^[1-5]\d\d$/.test(String(statusCode))) unsupported(api, `${at}.statusCode`, "100-599", statusCode);
  return {
    selectionPattern: pattern === "default" ? "" : pattern,
    statusCode: Number(statusCode),
    responseParameters,
    responseTemplates,
    contentHandling: oneOf(api, `${at}.contentHandling`, handlings, contentHandling ?? undefined),
  };
}
