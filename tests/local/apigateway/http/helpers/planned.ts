import * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import * as cognito from "@pulumi/aws/cognito";
import * as lambda from "@pulumi/aws/lambda";
import * as lb from "@pulumi/aws/lb";
import * as aws from "@pulumi/aws/provider";
import * as servicediscovery from "@pulumi/aws/servicediscovery";
import * as pulumi from "@pulumi/pulumi";
import { capture } from "../../../../../graph/capture/capture";
import { GraphIndex } from "../../../../../graph/model";
import { type HttpApiModel, readHttpApi } from "../../../../../local/apigateway/http/api-model";

export const region = "eu-west-1";
export const accessLog =
  '{"id":"$context.requestId","route":"$context.routeKey","status":"$context.status","agent":"$context.identity.userAgent","path":"$context.path","ip":"$context.identity.sourceIp","error":"$context.integrationErrorMessage","auth":"$context.authorizer.error","length":"$context.responseLength"}';

export interface PlannedRoute {
  readonly key: string;
  /** Default `balancer`. */
  readonly to?: "balancer" | "discovery" | "function" | string;
  readonly scopes?: readonly string[];
  readonly jwt?: boolean;
  readonly limit?: readonly [rate: number, burst: number];
  readonly integration?: Partial<apigatewayv2.IntegrationArgs>;
  readonly route?: Partial<apigatewayv2.RouteArgs>;
}

export interface PlannedApi {
  readonly routes: readonly PlannedRoute[];
  readonly api?: Partial<apigatewayv2.ApiArgs>;
  readonly stage?: Partial<apigatewayv2.StageArgs>;
  readonly stages?: readonly string[];
  readonly authorizer?: Partial<apigatewayv2.AuthorizerArgs>;
  readonly domains?: readonly string[];
  readonly mapping?: Partial<apigatewayv2.ApiMappingArgs>;
  /** Whether authorizers of the API may invoke the function. */
  readonly permitted?: boolean;
}

const planned = new Map<string, Promise<GraphIndex>>();

/** Plans an API with real resource classes, as infra/gateway does, and reads it back. The same plan is captured once. */
export async function plannedApi(api: PlannedApi): Promise<{ model: HttpApiModel; index: GraphIndex }> {
  const key = JSON.stringify(api);
  const capturing = planned.get(key) ?? capture(() => program(api)).then((graph) => new GraphIndex(graph));
  planned.set(key, capturing);
  const index = await capturing;
  return { index, model: readHttpApi(index, region) };
}

export const functionUri = `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/arn:aws:lambda:${region}:123456789012:function:f:live/invocations`;

function program(plan: PlannedApi): void {
  const opts = { provider: new aws.Provider("p", { region }) };
  const api = new apigatewayv2.Api("api", { protocolType: "HTTP", ...plan.api }, opts);
  const link = new apigatewayv2.VpcLink("link", { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] }, opts);
  const pool = new cognito.UserPool("pool", {}, opts);
  const client = new cognito.UserPoolClient("client", { userPoolId: pool.id }, opts);
  const jwt = new apigatewayv2.Authorizer(
    "jwt",
    {
      apiId: api.id,
      name: "jwt",
      authorizerType: "JWT",
      identitySources: ["$request.header.Authorization"],
      jwtConfiguration: { issuer: pulumi.interpolate`https://${pool.endpoint}`, audiences: [client.id] },
      ...plan.authorizer,
    },
    opts,
  );
  if (plan.permitted) {
    new lambda.Permission(
      "permission",
      {
        action: "lambda:InvokeFunction",
        function: `arn:aws:lambda:${region}:123456789012:function:f`,
        qualifier: "live",
        principal: "apigateway.amazonaws.com",
        sourceArn: pulumi.interpolate`${api.executionArn}/authorizers/*`,
      },
      opts,
    );
  }
  const listener = new lb.Listener(
    "listener",
    { loadBalancerArn: "arn:lb", port: 8081, defaultActions: [{ type: "forward", targetGroupArn: "arn:tg" }] },
    opts,
  );
  const service = new servicediscovery.Service("service", { name: "s" }, opts);
  const privateArgs = {
    connectionType: "VPC_LINK",
    connectionId: link.id,
    integrationType: "HTTP_PROXY",
    integrationMethod: "ANY",
  };
  const mapped = { requestParameters: { "overwrite:header.x-request-id": "$context.requestId" } };
  const integrationArgs = (to: string): Omit<apigatewayv2.IntegrationArgs, "apiId"> => {
    if (to === "balancer")
      return { ...privateArgs, ...mapped, integrationUri: listener.arn, payloadFormatVersion: "1.0" };
    if (to === "discovery")
      return { ...privateArgs, ...mapped, integrationUri: service.arn, payloadFormatVersion: "1.0" };
    if (to === "function")
      return { integrationType: "AWS_PROXY", integrationUri: functionUri, payloadFormatVersion: "2.0" };
    return { integrationType: "HTTP_PROXY", integrationMethod: "ANY", integrationUri: to, payloadFormatVersion: "1.0" };
  };
  const routes = plan.routes.map(({ key, to = "balancer", scopes, jwt: secured, integration, route }, i) => {
    const target = new apigatewayv2.Integration(
      `i${i}`,
      { apiId: api.id, timeoutMilliseconds: 15_000, ...integrationArgs(to), ...integration },
      opts,
    );
    const authorization =
      scopes || secured
        ? { authorizationType: "JWT", authorizerId: jwt.id, ...(scopes && { authorizationScopes: [...scopes] }) }
        : { authorizationType: "NONE" };
    return new apigatewayv2.Route(
      `r${i}`,
      {
        apiId: api.id,
        routeKey: key,
        target: pulumi.interpolate`integrations/${target.id}`,
        ...authorization,
        ...route,
      },
      opts,
    );
  });
  const limits = plan.routes.flatMap(({ key, limit }) =>
    limit ? [{ routeKey: key, throttlingRateLimit: limit[0], throttlingBurstLimit: limit[1] }] : [],
  );
  for (const name of plan.stages ?? ["$default"]) {
    new apigatewayv2.Stage(
      `stage-${name}`,
      {
        apiId: api.id,
        name,
        autoDeploy: true,
        accessLogSettings: { destinationArn: "arn:log", format: accessLog },
        ...(limits.length > 0 && { routeSettings: limits }),
        ...plan.stage,
      },
      { ...opts, dependsOn: routes },
    );
  }
  for (const domainName of plan.domains ?? []) {
    const domain = new apigatewayv2.DomainName(
      domainName,
      {
        domainName,
        domainNameConfiguration: { certificateArn: "arn:c", endpointType: "REGIONAL", securityPolicy: "TLS_1_2" },
      },
      opts,
    );
    const stage = plan.stages?.[0] ?? "$default";
    new apigatewayv2.ApiMapping(
      `m-${domainName}`,
      { apiId: api.id, domainName: domain.id, stage, ...plan.mapping },
      opts,
    );
  }
}
