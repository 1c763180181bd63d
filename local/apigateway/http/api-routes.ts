import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { oneOf, required, unsupported } from "../../unsupported";
import { refuseUnknownProperties, resourcesOfApi } from "../planned";
import {
  type ParameterMapping,
  type ResponseMappings,
  readRequestMappings,
  readResponseMappings,
} from "./parameter-mapping";

/** A route of an HTTP API, with what it is forwarded to. */
export interface Route {
  /** `GET /foods/{id}`, `ANY /{proxy+}` or `$default`. */
  readonly key: string;
  readonly integration: Integration;
  /** Unset for routes without an authorizer. */
  readonly authorization: JwtRequirement | undefined;
}

/** The authorizer and the scopes that a route requires. */
interface JwtRequirement {
  readonly authorizer: JwtAuthorizerModel;
  /** A token needs one of these scopes; an empty list accepts every valid token. */
  readonly scopes: readonly string[];
}

/** Settings of a planned JWT authorizer. One object each, so that all routes of an authorizer share its cache. */
export interface JwtAuthorizerModel {
  readonly issuer: string;
  readonly audiences: readonly string[];
}

/** What a route is forwarded to. */
type Integration = PrivateIntegration | FunctionIntegration | UrlIntegration;

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
  const authorizers = byId("aws:apigatewayv2/authorizer:Authorizer", readAuthorizer);
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
  authorizers: ReadonlyMap<string, JwtAuthorizerModel>,
): JwtRequirement | undefined {
  const { authorizationType = "NONE", authorizerId, authorizationScopes: scopes = [] } = route.outputs;
  if (oneOf(route, "authorizationType", ["NONE", "JWT"], authorizationType) === "JWT") {
    return { authorizer: required(route, "authorizerId", authorizers.get(authorizerId)), scopes };
  }
  if (scopes.length > 0) unsupported(route, "authorizationScopes", "unset on a route without a JWT authorizer", scopes);
  return undefined;
}

function readAuthorizer(resource: PlannedResource): JwtAuthorizerModel {
  refuseUnknownProperties(resource, ["name", "authorizerType", "identitySources", "jwtConfiguration"]);
  const { authorizerType, identitySources, jwtConfiguration: jwt } = resource.outputs;
  oneOf(resource, "authorizerType", ["JWT"], authorizerType);
  const source = String(identitySources).toLowerCase();
  oneOf(resource, "identitySources", ["$request.header.authorization"], source);
  if (!(jwt?.audiences?.length > 0)) unsupported(resource, "jwtConfiguration.audiences", "a list", jwt?.audiences);
  return { issuer: required(resource, "jwtConfiguration.issuer", jwt.issuer), audiences: jwt.audiences };
}

function readIntegration(index: GraphIndex, resource: PlannedResource): Integration {
  refuseUnknownProperties(resource, [
    ...["integrationType", "integrationUri", "integrationMethod", "connectionType", "connectionId", "description"],
    ...["payloadFormatVersion", "timeoutMilliseconds", "requestParameters", "responseParameters"],
  ]);
  const { integrationType, integrationUri, connectionType = "INTERNET", payloadFormatVersion } = resource.outputs;
  const { timeoutMilliseconds = 30_000 } = resource.outputs;
  if (!(timeoutMilliseconds >= 50 && timeoutMilliseconds <= 30_000)) {
    unsupported(resource, "timeoutMilliseconds", "50-30000", timeoutMilliseconds);
  }
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
