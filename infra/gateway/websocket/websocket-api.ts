import { createHash } from "node:crypto";
import * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import type { PlatformFunction } from "../../functions/platform-function";
import { type AlarmTarget, alarmActions } from "../../observability/alarm-actions";
import { errorRateAlarm } from "../../observability/error-rate-alarm";
import { webSocketAccessLogFormat } from "./access-log";

/** Arguments of `WebSocketApi`. */
export interface WebSocketApiArgs extends AlarmTarget {
  /** What the API is, for people. */
  readonly title: string;
  /** Decides on each connection, by the header Sec-WebSocket-Protocol. */
  readonly authorizer: Pick<PlatformFunction, "invokeArn" | "permit">;
  /** Is told of each connection, message and end. */
  readonly handler: Pick<PlatformFunction, "invokeArn" | "permit">;
  /** Limit of each route: `rate` in events per second, `burst` the size of the token bucket. */
  readonly throttle: { readonly rate: number; readonly burst: number };
  readonly logRetentionDays: number;
}

/** Name of the stage, a part of the ARNs that permissions name. No client sees it. */
const stageName = "live";
/** The part of a message that would choose a route of its own. */
const routeSelectionExpression = "$request.body.action";
/**
 * Header that browsers can set, as a list of protocols. A connection without it is refused before the function is asked.
 */
const identitySource = "route.request.header.Sec-WebSocket-Protocol";
/** Longest time that an event of a connection takes. */
const integrationMilliseconds = 10_000;
const disableExecuteApiEndpoint = true;
const routeKeys = ["$connect", "$default", "$disconnect"] as const;

/**
 * A WebSocket API of one region, reached by custom domain only. One function decides on connections, which is asked for
 * each: a WebSocket API keeps no decisions. Another one is told of connections, messages and ends.
 */
export class WebSocketApi extends pulumi.ComponentResource {
  readonly api: apigatewayv2.Api;
  readonly stage: apigatewayv2.Stage;

  constructor(name: string, args: WebSocketApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:gateway:WebSocketApi", name, {}, opts);
    this.api = new apigatewayv2.Api(
      `${name}-api`,
      { protocolType: "WEBSOCKET", description: args.title, routeSelectionExpression, disableExecuteApiEndpoint },
      { parent: this },
    );
    const authorizer = this.createAuthorizer(name, args);
    const deployment = this.createDeployment(name, args, authorizer);
    this.stage = this.createStage(name, args, deployment);
    this.permit(name, args, authorizer);
    this.createAlarms(name, args);
    this.registerOutputs({ apiId: this.api.id });
  }

  private createAuthorizer(name: string, { authorizer }: WebSocketApiArgs): apigatewayv2.Authorizer {
    return new apigatewayv2.Authorizer(
      `${name}-connect`,
      {
        apiId: this.api.id,
        name: `${name}-connect`,
        authorizerType: "REQUEST",
        authorizerUri: authorizer.invokeArn,
        identitySources: [identitySource],
      },
      { parent: this },
    );
  }

  /**
   * Makes the routes, and a deployment of them. It is made anew whenever something changes that it serves, which
   * `disableExecuteApiEndpoint` is, and for no other reason: AWS takes a change of the endpoint from the next deployment
   * on.
   */
  private createDeployment(
    name: string,
    { handler }: WebSocketApiArgs,
    authorizer: apigatewayv2.Authorizer,
  ): apigatewayv2.Deployment {
    const integration = new apigatewayv2.Integration(
      `${name}-integration`,
      {
        apiId: this.api.id,
        integrationType: "AWS_PROXY",
        integrationMethod: "POST",
        integrationUri: handler.invokeArn,
        timeoutMilliseconds: integrationMilliseconds,
      },
      { parent: this },
    );
    const routes = routeKeys.map(
      (routeKey) =>
        new apigatewayv2.Route(
          `${name}-${routeKey.slice(1)}`,
          {
            apiId: this.api.id,
            routeKey,
            target: pulumi.interpolate`integrations/${integration.id}`,
            ...(routeKey === "$connect"
              ? { authorizationType: "CUSTOM", authorizerId: authorizer.id }
              : { authorizationType: "NONE" }),
          },
          { parent: this },
        ),
    );
    const served = pulumi.jsonStringify({
      disableExecuteApiEndpoint,
      routeSelectionExpression,
      routeKeys,
      authorizer: [authorizer.id, authorizer.authorizerUri, identitySource],
      integration: [integration.id, integration.integrationUri, integrationMilliseconds],
      routes: routes.map(({ id }) => id),
    });
    return new apigatewayv2.Deployment(
      `${name}-deployment`,
      {
        apiId: this.api.id,
        triggers: { definition: served.apply((text) => createHash("sha256").update(text).digest("hex")) },
      },
      // AWS refuses a deployment without routes.
      { parent: this, dependsOn: routes },
    );
  }

  private createStage(
    name: string,
    { throttle, logRetentionDays }: WebSocketApiArgs,
    deployment: apigatewayv2.Deployment,
  ): apigatewayv2.Stage {
    const log = new cloudwatch.LogGroup(`${name}-access`, { retentionInDays: logRetentionDays }, { parent: this });
    return new apigatewayv2.Stage(
      `${name}-stage`,
      {
        apiId: this.api.id,
        name: stageName,
        deploymentId: deployment.id,
        accessLogSettings: { destinationArn: log.arn, format: webSocketAccessLogFormat },
        defaultRouteSettings: {
          // Without them the provider sends 0, and each connection is answered 429.
          throttlingRateLimit: throttle.rate,
          throttlingBurstLimit: throttle.burst,
          detailedMetricsEnabled: true,
          // The execution log would have headers, and so tokens; its group keeps its lines for ever.
          loggingLevel: "OFF",
          dataTraceEnabled: false,
        },
      },
      { parent: this },
    );
  }

  private permit(name: string, { authorizer, handler }: WebSocketApiArgs, { id }: apigatewayv2.Authorizer): void {
    const awsService = "apigateway.amazonaws.com";
    const { executionArn } = this.api;
    authorizer.permit(`${name}-connect`, {
      awsService,
      sourceArn: pulumi.interpolate`${executionArn}/authorizers/${id}`,
    });
    handler.permit(`${name}-events`, { awsService, sourceArn: pulumi.interpolate`${executionArn}/${stageName}/*` });
  }

  /**
   * Makes the alarms on events of connections that the function fails at, and on those that do not reach a function:
   * where API Gateway may not invoke the authorizer, no connection is counted of which the others would be a part.
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-logging.html
   */
  private createAlarms(name: string, { alarmTopicArn, title }: WebSocketApiArgs): void {
    const metric = { namespace: "AWS/ApiGateway", dimensions: { ApiId: this.api.id } } as const;
    errorRateAlarm(
      `${name}-errors`,
      {
        ...metric,
        alarmTopicArn,
        description: `${title}: more than 5 % of connections fail`,
        requestMetric: "ConnectCount",
        errorMetric: "IntegrationError",
      },
      { parent: this },
    );
    new cloudwatch.MetricAlarm(
      `${name}-unreached`,
      {
        ...metric,
        alarmDescription: `${title}: API Gateway cannot call the functions of connections`,
        metricName: "ExecutionError",
        statistic: "Sum",
        period: 60,
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
        treatMissingData: "notBreaching",
        ...alarmActions({ alarmTopicArn }),
      },
      { parent: this },
    );
  }

  /** Returns the ARNs of the API's connections for a method: those that may be posted to, read or closed. */
  connections(method: "POST" | "GET" | "DELETE"): pulumi.Output<string> {
    return pulumi.interpolate`${this.api.executionArn}/${stageName}/${method}/@connections/*`;
  }
}
