import type { GraphIndex, PlannedResource } from "../../graph/model";
import { oneOf, required, unsupported } from "../unsupported";
import { type HeaderMapping, readMappings } from "./parameter-mapping";
import { childrenOf, onlyKnown } from "./planned";

export interface Route {
  /** `GET /foods/{id}`, `ANY /{proxy+}` or `$default`. */
  readonly key: string;
  readonly integration: Integration;
  /** Unset for open routes. */
  readonly authorization: JwtRequirement | undefined;
}

export interface JwtRequirement {
  readonly authorizer: JwtAuthorizerModel;
  /** Any of these; none accepts every valid token. */
  readonly scopes: readonly string[];
}

/** One object per planned authorizer, so that its routes share its cache. */
export interface JwtAuthorizerModel {
  readonly issuer: string;
  readonly audiences: readonly string[];
}

export type Integration = PrivateIntegration | FunctionIntegration | UrlIntegration;

interface HttpIntegration {
  /** Unset passes the client's. */
  readonly method: string | undefined;
  readonly timeoutMilliseconds: number;
  readonly mappings: readonly HeaderMapping[];
}

export interface PrivateIntegration extends HttpIntegration {
  readonly kind: "private";
  /** Listener or Cloud Map service ARN. */
  readonly uri: string;
  /** Port of the listener; unset for Cloud Map. */
  readonly listenerPort: number | undefined;
}

export interface UrlIntegration extends HttpIntegration {
  readonly kind: "url";
  /** `https://legacy.example.com`. */
  readonly origin: string;
  /** As planned, with `{parameters}`. */
  readonly path: string;
}

export interface FunctionIntegration {
  readonly kind: "function";
  readonly uri: string;
  readonly timeoutMilliseconds: number;
}

const methods = ["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
const routeKeyForm =
  /^([A-Z]+) (\/(?:(?:[^/{}]+|\{[^/{}+]+\})(?:\/(?:[^/{}]+|\{[^/{}+]+\}))*(?:\/\{[^/{}+]+\+\})?|\{[^/{}+]+\+\})?)$/;

/** @throws {UnsupportedError} as readHttpApi does */
export function readRoutes(index: GraphIndex, apiId: string): readonly Route[] {
  const byId = <T>(type: string, read: (resource: PlannedResource) => T) =>
    new Map(childrenOf(index, type, apiId).map((each) => [each.outputs["id"] as string, read(each)]));
  const integrations = byId("aws:apigatewayv2/integration:Integration", (each) => readIntegration(index, each));
  const authorizers = byId("aws:apigatewayv2/authorizer:Authorizer", readAuthorizer);
  return childrenOf(index, "aws:apigatewayv2/route:Route", apiId).map((route) => {
    onlyKnown(route, [
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
  onlyKnown(resource, ["name", "authorizerType", "identitySources", "jwtConfiguration"]);
  const { authorizerType, identitySources, jwtConfiguration: jwt } = resource.outputs;
  oneOf(resource, "authorizerType", ["JWT"], authorizerType);
  const source = String(identitySources).toLowerCase();
  oneOf(resource, "identitySources", ["$request.header.authorization"], source);
  if (!(jwt?.audiences?.length > 0)) unsupported(resource, "jwtConfiguration.audiences", "a list", jwt?.audiences);
  return { issuer: required(resource, "jwtConfiguration.issuer", jwt.issuer), audiences: jwt.audiences };
}

function readIntegration(index: GraphIndex, resource: PlannedResource): Integration {
  onlyKnown(resource, [
    ...["integrationType", "integrationUri", "integrationMethod", "connectionType", "connectionId", "description"],
    ...["payloadFormatVersion", "timeoutMilliseconds", "requestParameters"],
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
    onlyKnown({ ...resource, inputs: { requestParameters: resource.inputs["requestParameters"] } }, []);
    return { kind: "function", uri, timeoutMilliseconds };
  }
  oneOf(resource, "payloadFormatVersion", ["1.0", undefined], payloadFormatVersion);
  const { integrationMethod } = resource.outputs;
  const method = oneOf(resource, "integrationMethod", methods, integrationMethod);
  const http = {
    method: method === "ANY" ? undefined : method,
    timeoutMilliseconds,
    mappings: readMappings(resource),
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
