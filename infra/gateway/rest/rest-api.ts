import { createHash } from "node:crypto";
import * as apigateway from "@pulumi/aws/apigateway";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import type { RouteSpec } from "../../contract/service";
import type { AlarmTarget } from "../../observability/alarm-actions";
import { errorRateAlarm } from "../../observability/error-rate-alarm";
import { permitRoutes } from "../admit";
import { restAccessLogFormat } from "./access-log";
import { cacheSettings, isCached } from "./cache";
import { type RestDefinitionArgs, restDefinition } from "./definition";

/** Arguments of `RestApi`. */
export interface RestApiArgs extends RestDefinitionArgs, AlarmTarget {
  /** Name of the stage, which clients do not see behind a custom domain. Changing it replaces the stage. */
  readonly stageName: string;
  /** Limit of routes without their own: `rate` in requests per second, `burst` the size of the token bucket. */
  readonly throttle: { readonly rate: number; readonly burst: number };
  readonly logRetentionDays: number;
}

/**
 * A regional REST API with one stage, reached by custom domain only. Its routes, models and authorizer are one OpenAPI
 * document (docs/adr/0019), so that an update removes a route before the deployment is made that would still serve it.
 */
export class RestApi extends pulumi.ComponentResource {
  readonly api: apigateway.RestApi;
  readonly stage: apigateway.Stage;

  constructor(name: string, args: RestApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:gateway:RestApi", name, {}, opts);
    const body = restDefinition(args);
    this.api = this.createApi(name, args, body);
    const deployment = this.createDeployment(name, body);
    this.stage = this.createStage(name, args, deployment);
    this.createSettings(name, args);
    this.createAlarm(name, args);
    this.permitServices(name, args);
    this.registerOutputs({ apiId: this.api.id });
  }

  private createApi(name: string, args: RestApiArgs, body: pulumi.Output<string>): apigateway.RestApi {
    return new apigateway.RestApi(
      `${name}-api`,
      {
        description: args.title,
        body,
        endpointConfiguration: { types: "REGIONAL" },
        disableExecuteApiEndpoint: true,
        // A warning of the import is a part of the document that AWS left out.
        failOnWarnings: true,
      },
      { parent: this },
    );
  }

  /**
   * Makes the deployment, a copy of the API that the stage serves. It is made anew whenever the document changes and for
   * no other reason; the old one goes after the stage has moved, which is Pulumi's default order.
   */
  private createDeployment(name: string, body: pulumi.Output<string>): apigateway.Deployment {
    const hash = body.apply((text) => createHash("sha256").update(text).digest("hex"));
    return new apigateway.Deployment(
      `${name}-deployment`,
      { restApi: this.api.id, triggers: { definition: hash } },
      { parent: this },
    );
  }

  private createStage(name: string, args: RestApiArgs, deployment: apigateway.Deployment): apigateway.Stage {
    const { stageName, cache, logRetentionDays } = args;
    const access = new cloudwatch.LogGroup(`${name}-access`, { retentionInDays: logRetentionDays }, { parent: this });
    // API Gateway writes to the group of this name, and would make one that keeps its lines for ever.
    const execution = new cloudwatch.LogGroup(
      `${name}-execution`,
      {
        name: pulumi.interpolate`API-Gateway-Execution-Logs_${this.api.id}/${stageName}`,
        retentionInDays: logRetentionDays,
      },
      { parent: this },
    );
    return new apigateway.Stage(
      `${name}-stage`,
      {
        restApi: this.api.id,
        deployment: deployment.id,
        stageName,
        accessLogSettings: { destinationArn: access.arn, format: restAccessLogFormat },
        xrayTracingEnabled: true,
        ...(cache === undefined ? {} : { cacheClusterEnabled: true, cacheClusterSize: String(cache.gigabytes) }),
      },
      { parent: this, dependsOn: [execution] },
    );
  }

  /** Makes the alarm on requests that end in an error of the API, its functions or the servers. */
  private createAlarm(name: string, { alarmTopicArn, title }: RestApiArgs): void {
    errorRateAlarm(
      `${name}-errors`,
      {
        alarmTopicArn,
        description: `${title}: more than 5 % of requests fail`,
        namespace: "AWS/ApiGateway",
        dimensions: { ApiName: this.api.name, Stage: this.stage.stageName },
        requestMetric: "Count",
        errorMetric: "5XXError",
      },
      { parent: this },
    );
  }

  private permitServices(name: string, { services, backends, stageName }: RestApiArgs): void {
    const stageArn = pulumi.interpolate`${this.api.executionArn}/${stageName}`;
    for (const { name: service, routes } of services) {
      permitRoutes(`${name}-${service}`, { backend: backends[service]!, routes, stageArn }, { parent: this });
    }
  }

  /** Makes the settings of all methods, and the throttle of each route. */
  private createSettings(name: string, args: RestApiArgs): void {
    const stage = { restApi: this.api.id, stageName: this.stage.stageName };
    const shared = {
      metricsEnabled: true,
      loggingLevel: "ERROR",
      dataTraceEnabled: false,
    };
    const all = new apigateway.MethodSettings(
      `${name}-settings`,
      {
        ...stage,
        methodPath: "*/*",
        settings: { ...shared, ...cacheSettings(undefined), ...throttleSettings(args.throttle) },
      },
      { parent: this },
    );
    for (const service of args.services) {
      for (const route of [...service.routes, ...service.legacyRoutes]) {
        const kept = cacheSettings(isCached(route, args.authorizer) ? args.cache : undefined);
        new apigateway.MethodSettings(
          `${name}-${service.name}-${route.id}-settings`,
          {
            ...stage,
            methodPath: methodPath(route),
            settings: { ...shared, ...kept, ...throttleSettings(route.throttle) },
          },
          { parent: this, dependsOn: [all] },
        );
      }
    }
  }
}

/** The path without its first slash, then the method, as the provider wants it. */
function methodPath({ method, path }: RouteSpec): string {
  return `${path.slice(1)}/${method}`;
}

function throttleSettings({ rate, burst }: { readonly rate: number; readonly burst: number }) {
  return { throttlingRateLimit: rate, throttlingBurstLimit: burst };
}
