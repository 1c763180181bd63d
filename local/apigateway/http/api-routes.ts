import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { oneOf, required, unsupported } from "../../unsupported";
import { refuseUnknownProperties, resourcesOfApi } from "../planned";
import { readInvokePermissions } from "../rest/permissions";
import {
  type ParameterMapping,
  type ResponseMappings,
  readRequestMappings,
  readResponseMappings,
} from "./parameter-mapping";
import { type QueueIntegration, readQueueIntegration } from "./queue-integration";

/** A route of an HTTP API, with what it is forwarded to. */
export interface Route {
  /** `GET /foods/{id}`, `ANY /{proxy+}` or `$default`. */
  readonly key: string;
  readonly integration: Integration;
  /** Unset for routes without an authorizer. */
  readonly authorization: Requirement | undefined;
}

/** The authorizer and the scopes that a route requires. */
interface Requirement {
  readonly authorizer: JwtAuthorizerModel | FunctionAuthorizerModel;
  /** A token needs one of these scopes; an empty list accepts every valid token. A function knows them itself. */
  readonly scopes: readonly string[];
}

/** Settings of a planned Lambda authorizer. One object each, so that all routes of an authorizer share its cache. */
export interface FunctionAuthorizerModel {
  readonly kind: "function";
  readonly uri: string;
  /** Whether the function's own policy lets this authorizer invoke it. */
  readonly permitted: boolean;
  /** `$request.header.<name>` or `$context.routeKey`. */
  readonly identitySources: readonly string[];
  /** Seconds that a decision is kept; 0 asks for each request. */
  readonly ttlSeconds: number;
}

/** Settings of a planned JWT authorizer. One object each, so that all routes of an authorizer share its cache. */
export interface JwtAuthorizerModel {
  readonly kind: "jwt";
  /** Header that the token is in, in lower case. */
  readonly header: string;
  readonly issuer: string;
  readonly audiences: readonly string[];
}

/** What a route is forwarded to. */
type Integration = PrivateIntegration | FunctionIntegration | UrlIntegration | QueueIntegration;

interface HttpIntegration {
  /** HTTP method sent to the server; unset sends the client's. */
  readonly method: string | undefined;
  readonly timeoutMilliseconds: number;
  readonly mappings: readonly ParameterMapping[];
  readonly responses?: ResponseMappings;
}

/** An integration with servers behind a VPC link. */
export interface PrivateIntegration extends HttpIntegration {
  readonly kind: "private";
  /** ARN of the listener or of the Cloud Map service. */
  readonly uri: string;
  /** Port of the listener; unset for Cloud Map. */
  readonly listenerPort: number | undefined;
}

/** An integration with an HTTP endpoint of the internet, such as a legacy system. */
export interface UrlIntegration extends HttpIntegration {
  readonly kind: "url";
  /** `https://legacy.example.com`. */
  readonly origin: string;
  /** Path of the planned URL, in which `{parameters}` are not yet replaced. */
  readonly path: string;
}

/** An integration with a Lambda function. */
export interface FunctionIntegration {
  readonly kind: "function";
  readonly uri: string;
  readonly timeoutMilliseconds: number;
  readonly responses?: ResponseMappings;
}

/** Longest time that API Gateway keeps a decision of an authorizer. */
const longestTtlSeconds = 3_600;
const methods = ["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
const routeKeyForm =
  /^([A-Z]+) (\/(?:(?:[^/{}]+|\{[^/{}+]+\})(?:\/(?:[^/{}]+|\{[^/{}+]+\}))*(?:\/\{[^/{}+]+\+\})?|\{[^/{}+]+\+\})?)$/;

/**
 * Reads the routes of an HTTP API with their integrations and authorizers.
 * @throws {UserError} as readHttpApi does
 */
export function readRoutes(index: GraphIndex, apiId: string): readonly Route[] {
  const byId = <T>(type: string, read: (resource: PlannedResource) => T) =>
    new Map(resourcesOfApi(index, type, apiId).map((each) => [each.outputs["id"] as string, read(each)]));
  const integrations = byId("aws:apigatewayv2/integration:Integration", (each) => readIntegration(index, each));
  const authorizers = byId("aws:apigatewayv2/authorizer:Authorizer", (each) => readAuthorizer(index, each));
  return resourcesOfApi(index, "aws:apigatewayv2/route:Route", apiId).map((route) => {
    refuseUnknownProperties(route, [
      ...["routeKey", "target", "operationName", "authorizationType", "authorizerId", "authorizationScopes"],
    ]);
    const { routeKey: key, target = "" } = route.outputs;
    if (key !== "$default" && !methods.includes(routeKeyForm.exec(key)?.[1] ?? "")) {
      unsupported(route, "routeKey", "$default, or a method and a path whose {parameters} are whole segments", key);
    }
    const integration = integrations.get(target.replace(/^integrations\//, ""));
    return {
      key,
      integration: integration ?? unsupported(route, "target", "integrations/<id> of this API", target),
      authorization: readAuthorization(route, authorizers),
    };
  });
}

function readAuthorization(
  route: PlannedResource,
  authorizers: ReadonlyMap<string, Requirement["authorizer"]>,
): Requirement | undefined {
  const { authorizationType = "NONE", authorizerId, authorizationScopes: scopes = [] } = route.outputs;
  const type = oneOf(route, "authorizationType", ["NONE", "JWT", "CUSTOM"], authorizationType);
  if (type !== "NONE") {
    const authorizer = required(route, "authorizerId", authorizers.get(authorizerId));
    const fits = type === "JWT" ? "jwt" : "function";
    if (authorizer.kind !== fits) unsupported(route, "authorizationType", "that of its authorizer", type);
    if (type === "JWT" || scopes.length === 0) return { authorizer, scopes };
  }
  if (scopes.length > 0) unsupported(route, "authorizationScopes", "unset on a route without a JWT authorizer", scopes);
  return undefined;
}

function readAuthorizer(index: GraphIndex, resource: PlannedResource): Requirement["authorizer"] {
  const type = oneOf(resource, "authorizerType", ["JWT", "REQUEST"], resource.outputs["authorizerType"]);
  return type === "JWT" ? readJwtAuthorizer(resource) : readFunctionAuthorizer(index, resource);
}

function readFunctionAuthorizer(index: GraphIndex, resource: PlannedResource): FunctionAuthorizerModel {
  refuseUnknownProperties(resource, [
    ...["name", "authorizerType", "authorizerUri", "authorizerPayloadFormatVersion", "enableSimpleResponses"],
    ...["identitySources", "authorizerResultTtlInSeconds"],
  ]);
  const { outputs, region } = resource;
  oneOf(resource, "authorizerPayloadFormatVersion", ["2.0"], outputs["authorizerPayloadFormatVersion"]);
  oneOf(resource, "enableSimpleResponses", [true], outputs["enableSimpleResponses"]);
  const { identitySources = [], authorizerResultTtlInSeconds: ttlSeconds = 0, id, apiId } = outputs;
  for (const source of identitySources as string[]) {
    if (source === "$context.routeKey" || /^\$request\.header\.[\w-]+$/.test(source)) continue;
    unsupported(resource, "identitySources", "$request.header.<name> or $context.routeKey", source);
  }
  if (!(ttlSeconds >= 0 && ttlSeconds <= longestTtlSeconds)) {
    unsupported(resource, "authorizerResultTtlInSeconds", `0-${longestTtlSeconds}`, ttlSeconds);
  }
  if (ttlSeconds > 0 && identitySources.length === 0) {
    unsupported(resource, "identitySources", "set where decisions are kept", identitySources);
  }
  const uri: string = required(resource, "authorizerUri", outputs["authorizerUri"]);
  const api = index.one("aws:apigatewayv2/api:Api", { id: apiId });
  const account = String(api.outputs["executionArn"]).split(":")[4];
  const source = `arn:aws:execute-api:${region}:${account}:${apiId}/authorizers/${id}`;
  return { kind: "function", uri, permitted: readInvokePermissions(index)(uri, source), identitySources, ttlSeconds };
}

function readJwtAuthorizer(resource: PlannedResource): JwtAuthorizerModel {
  refuseUnknownProperties(resource, ["name", "authorizerType", "identitySources", "jwtConfiguration"]);
  const { identitySources, jwtConfiguration: jwt } = resource.outputs;
  const source = String(identitySources);
  const header = /^\$request\.header\.([\w-]+)$/.exec(source)?.[1]?.toLowerCase();
  if (header === undefined) unsupported(resource, "identitySources", "$request.header.<name>", source);
  if (!(jwt?.audiences?.length > 0)) unsupported(resource, "jwtConfiguration.audiences", "a list", jwt?.audiences);
  const issuer: string = required(resource, "jwtConfiguration.issuer", jwt.issuer);
  return { kind: "jwt", header, issuer, audiences: jwt.audiences };
}

function readIntegration(index: GraphIndex, resource: PlannedResource): Integration {
  refuseUnknownProperties(resource, [
    ...["integrationType", "integrationUri", "integrationMethod", "connectionType", "connectionId", "description"],
    ...["payloadFormatVersion", "timeoutMilliseconds", "requestParameters", "responseParameters"],
    ...["integrationSubtype", "credentialsArn"],
  ]);
  const { integrationType, integrationUri, connectionType = "INTERNET", payloadFormatVersion } = resource.outputs;
  const { timeoutMilliseconds = 30_000 } = resource.outputs;
  if (!(timeoutMilliseconds >= 50 && timeoutMilliseconds <= 30_000)) {
    unsupported(resource, "timeoutMilliseconds", "50-30000", timeoutMilliseconds);
  }
  if (resource.outputs["integrationSubtype"] !== undefined) return readQueueIntegration(resource, timeoutMilliseconds);
  const uri: string = required(resource, "integrationUri", integrationUri);
  oneOf(resource, "connectionType", ["INTERNET", "VPC_LINK"], connectionType);
  if (oneOf(resource, "integrationType", ["AWS_PROXY", "HTTP_PROXY"], integrationType) === "AWS_PROXY") {
    oneOf(resource, "payloadFormatVersion", ["2.0"], payloadFormatVersion);
    oneOf(resource, "connectionType", ["INTERNET"], connectionType);
    refuseUnknownProperties({ ...resource, inputs: { requestParameters: resource.inputs["requestParameters"] } }, []);
    return { kind: "function", uri, timeoutMilliseconds, responses: readResponseMappings(resource) };
  }
  oneOf(resource, "payloadFormatVersion", ["1.0", undefined], payloadFormatVersion);
  const { integrationMethod } = resource.outputs;
  const method = oneOf(resource, "integrationMethod", methods, integrationMethod);
  const http = {
    method: method === "ANY" ? undefined : method,
    timeoutMilliseconds,
    mappings: readRequestMappings(resource),
    responses: readResponseMappings(resource),
  };
  return connectionType === "VPC_LINK" ? readPrivate(index, resource, uri, http) : readUrl(resource, uri, http);
}

const privateTargets = ["aws:lb/listener:Listener", "aws:servicediscovery/service:Service"];

function readPrivate(
  index: GraphIndex,
  resource: PlannedResource,
  uri: string,
  http: HttpIntegration,
): PrivateIntegration {
  const { connectionId } = resource.outputs;
  const links = index.where("aws:apigatewayv2/vpcLink:VpcLink", { id: connectionId });
  if (links.length === 0) unsupported(resource, "connectionId", "the id of a planned VPC link", connectionId);
  const target = index.arn(uri);
  if (target === undefined || !privateTargets.includes(target.type)) {
    unsupported(resource, "integrationUri", "the ARN of a planned listener or Cloud Map service", uri);
  }
  return { kind: "private", uri, listenerPort: target.outputs["port"], ...http };
}

function readUrl(resource: PlannedResource, url: string, http: HttpIntegration): UrlIntegration {
  const [, origin, path] = /^(https?:\/\/[^/?#{}@\s]+)(\/[^?#\s]*)?$/.exec(url) ?? [];
  if (origin === undefined) unsupported(resource, "integrationUri", "an http(s) URL without query or user", url);
  return { kind: "url", origin, path: path ?? "/", ...http };
}
