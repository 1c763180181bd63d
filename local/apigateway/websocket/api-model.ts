import type { GraphIndex, PlannedResource } from "../../../graph/model";
import { oneOf, required, unsupported } from "../../unsupported";
import { readDomains } from "../custom-domains";
import { refuseUnknownProperties, resourcesOfApi } from "../planned";
import type { ThrottleLimit } from "../throttle";

/** Settings of one WebSocket API that a local gateway runs by, read from its planned resources. */
export interface WebSocketApiModel {
  readonly apiId: string;
  readonly accountId: string;
  readonly region: string;
  /** `<api id>.execute-api.<region>.amazonaws.com`. */
  readonly endpointHost: string;
  readonly endpointDisabled: boolean;
  /** Custom domain in lower case -> stage. */
  readonly domains: ReadonlyMap<string, string>;
  readonly routeSelectionExpression: string;
  /** By key; `$connect` and `$disconnect` may be missing. */
  readonly routes: ReadonlyMap<string, WebSocketRoute>;
  readonly stages: ReadonlyMap<string, WebSocketStage>;
}

/** A route of a WebSocket API. */
export interface WebSocketRoute {
  readonly key: string;
  /** Invoke ARN of the function that is told of its events. */
  readonly functionUri: string;
  readonly timeoutMilliseconds: number;
  /** Only `$connect` may have one. @default everyone may connect */
  readonly authorizer?: WebSocketAuthorizer;
}

/** The function that decides on connections. */
export interface WebSocketAuthorizer {
  readonly id: string;
  readonly uri: string;
  /** `route.request.header.<name>` or `route.request.querystring.<name>`; all must have a value. */
  readonly identitySources: readonly string[];
}

/** A stage of a WebSocket API. */
export interface WebSocketStage {
  readonly name: string;
  /** Access log format with `$context` variables; unset writes no log. */
  readonly logFormat: string | undefined;
  /** Limit of each route; unset means the AWS account's limit only, which is not simulated. */
  readonly limit: ThrottleLimit | undefined;
}

const apiType = "aws:apigatewayv2/api:Api";

/** Returns the planned WebSocket APIs of each region that has some; a region has one at most. */
export function regionsWithWebSocketApis(index: GraphIndex): readonly string[] {
  return [...new Set(index.where(apiType, { protocolType: "WEBSOCKET" }).map((api) => api.region!))];
}

/**
 * Reads the WebSocket API of a region, which must have exactly one.
 * @throws {UserError} on a resource or property that the local gateway does not support
 */
export function readWebSocketApi(index: GraphIndex, region: string): WebSocketApiModel {
  const [api, other] = index.where(apiType, { protocolType: "WEBSOCKET" }).filter((each) => each.region === region);
  if (other) unsupported(other, "region", "a region without another WebSocket API", region);
  refuseUnknownProperties(api!, [
    ...["name", "description", "protocolType", "disableExecuteApiEndpoint", "version", "routeSelectionExpression"],
  ]);
  const apiId: string = api!.outputs["id"];
  const stages = resourcesOfApi(index, "aws:apigatewayv2/stage:Stage", apiId).map((each) => readStage(index, each));
  const routes = resourcesOfApi(index, "aws:apigatewayv2/route:Route", apiId).map((each) => readRoute(index, each));
  return {
    apiId,
    accountId: api!.outputs["executionArn"].split(":")[4],
    region,
    endpointHost: `${apiId}.execute-api.${region}.amazonaws.com`,
    endpointDisabled: api!.outputs["disableExecuteApiEndpoint"] === true,
    domains: readDomains(index, apiId, new Set(stages.map(({ name }) => name))),
    routeSelectionExpression: required(api!, "routeSelectionExpression", api!.outputs["routeSelectionExpression"]),
    routes: new Map(routes.map((route) => [route.key, route])),
    stages: new Map(stages.map((stage) => [stage.name, stage])),
  };
}

function readRoute(index: GraphIndex, route: PlannedResource): WebSocketRoute {
  refuseUnknownProperties(route, ["routeKey", "target", "authorizationType", "authorizerId", "operationName"]);
  const { apiId, routeKey: key, target = "", authorizationType = "NONE", authorizerId } = route.outputs;
  oneOf(route, "authorizationType", key === "$connect" ? ["NONE", "CUSTOM"] : ["NONE"], authorizationType);
  const id = String(target).replace(/^integrations\//, "");
  const [integration] = index.where("aws:apigatewayv2/integration:Integration", { apiId, id });
  const { functionUri, timeoutMilliseconds } = readIntegration(required(route, "target", integration));
  const [authorizer] = index.where("aws:apigatewayv2/authorizer:Authorizer", { apiId, id: authorizerId });
  return {
    key,
    functionUri,
    timeoutMilliseconds,
    ...(authorizationType === "NONE"
      ? {}
      : { authorizer: readAuthorizer(required(route, "authorizerId", authorizer)) }),
  };
}

function readIntegration(integration: PlannedResource): Pick<WebSocketRoute, "functionUri" | "timeoutMilliseconds"> {
  refuseUnknownProperties(integration, [
    ...["integrationType", "integrationUri", "integrationMethod", "timeoutMilliseconds", "description"],
    ...["payloadFormatVersion", "connectionType", "passthroughBehavior"],
  ]);
  const { outputs } = integration;
  oneOf(integration, "integrationType", ["AWS_PROXY"], outputs["integrationType"]);
  oneOf(integration, "payloadFormatVersion", [undefined, "1.0"], outputs["payloadFormatVersion"]);
  return { functionUri: outputs["integrationUri"], timeoutMilliseconds: outputs["timeoutMilliseconds"] ?? 29_000 };
}

function readAuthorizer(authorizer: PlannedResource): WebSocketAuthorizer {
  refuseUnknownProperties(authorizer, ["name", "authorizerType", "authorizerUri", "identitySources"]);
  const { id, authorizerType, authorizerUri: uri, identitySources = [] } = authorizer.outputs;
  oneOf(authorizer, "authorizerType", ["REQUEST"], authorizerType);
  for (const source of identitySources as string[]) {
    if (!/^route\.request\.(header|querystring)\.[\w-]+$/.test(source))
      unsupported(
        authorizer,
        "identitySources",
        "route.request.header.<name> or route.request.querystring.<name>",
        source,
      );
  }
  return { id, uri, identitySources };
}

function readStage(index: GraphIndex, stage: PlannedResource): WebSocketStage {
  refuseUnknownProperties(stage, ["name", "description", "deploymentId", "accessLogSettings", "defaultRouteSettings"]);
  const { apiId, name, deploymentId, accessLogSettings, defaultRouteSettings: settings = {} } = stage.outputs;
  const [deployment] = index.where("aws:apigatewayv2/deployment:Deployment", { apiId, id: deploymentId });
  required(stage, "deploymentId", deployment);
  const { throttlingRateLimit: rate, throttlingBurstLimit: burst } = settings;
  return {
    name,
    logFormat: accessLogSettings?.format,
    limit: rate === undefined && burst === undefined ? undefined : { rate: rate ?? 0, burst: burst ?? 0 },
  };
}
