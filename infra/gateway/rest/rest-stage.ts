import * as apigateway from "@pulumi/aws/apigateway";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import type { ComputeOutputs } from "../../contract/layer-outputs";
import type { RouteSpec, ServiceSpec } from "../../contract/service";
import type { AlarmTarget } from "../../observability/alarm-actions";
import { errorRateAlarm } from "../../observability/error-rate-alarm";
import { permitRoutes } from "../admit";
import type { PublishedReference } from "../reference";
import { restAccessLogFormat } from "./access-log";
import type { RestAuthorizer } from "./authorizer";
import { cacheSettings, isCached, type RestCache } from "./cache";
import { restRoutes } from "./routes";
import type { UsageRoute } from "./tenants/tenant-usage";

/** Arguments of `RestStage` that all stages of an API have in common. */
export interface RestStageArgs extends AlarmTarget {
  /** What the API is, for people. */
  readonly title: string;
  readonly services: readonly ServiceSpec[];
  readonly backends: ComputeOutputs;
  readonly authorizer: RestAuthorizer;
  /** @default no cache, which costs by the hour */
  readonly cache?: RestCache;
  /** Routes to the OpenAPI documents, which are never kept. @default none */
  readonly reference?: PublishedReference;
  /** The route by which tenants learn what they have used. @default none */
  readonly usage?: UsageRoute;
  /** Limit of routes without their own: `rate` in requests per second, `burst` the size of the token bucket. */
  readonly throttle: { readonly rate: number; readonly burst: number };
  readonly logRetentionDays: number;
}

/** What a stage serves, and under which name. */
interface Served {
  readonly api: apigateway.RestApi;
  readonly deployment: apigateway.Deployment;
  /** Changing it replaces the stage. */
  readonly stageName: string;
}

/**
 * A stage of a REST API: it serves a deployment, with limits, logs, cache, traces and an alarm of its own. Functions permit
 * each stage by its name.
 */
export class RestStage extends pulumi.ComponentResource {
  readonly stage: apigateway.Stage;

  constructor(name: string, args: RestStageArgs, served: Served, opts?: pulumi.ComponentResourceOptions) {
    super("platform:gateway:RestStage", name, {}, opts);
    this.stage = this.createStage(name, args, served);
    this.createSettings(name, args, served);
    this.createAlarm(name, args, served);
    const stageArn = pulumi.interpolate`${served.api.executionArn}/${served.stageName}`;
    for (const { name: service, routes } of args.services) {
      const backend = args.backends[service]!;
      permitRoutes(`${name}-${service}`, { backend, routes, stageArn, streams: true }, { parent: this });
    }
    this.registerOutputs({ stageName: this.stage.stageName });
  }

  private createStage(name: string, args: RestStageArgs, { api, deployment, stageName }: Served): apigateway.Stage {
    const { cache, logRetentionDays } = args;
    const access = new cloudwatch.LogGroup(`${name}-access`, { retentionInDays: logRetentionDays }, { parent: this });
    // API Gateway writes to the group of this name, and would make one that keeps its lines for ever.
    const execution = new cloudwatch.LogGroup(
      `${name}-execution`,
      {
        name: pulumi.interpolate`API-Gateway-Execution-Logs_${api.id}/${stageName}`,
        retentionInDays: logRetentionDays,
      },
      { parent: this },
    );
    return new apigateway.Stage(
      `${name}-stage`,
      {
        restApi: api.id,
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
  private createAlarm(name: string, { alarmTopicArn, title }: RestStageArgs, { api, stageName }: Served): void {
    errorRateAlarm(
      `${name}-errors`,
      {
        alarmTopicArn,
        description: `${title}, stage ${stageName}: more than 5 % of requests fail`,
        namespace: "AWS/ApiGateway",
        dimensions: { ApiName: api.name, Stage: this.stage.stageName },
        requestMetric: "Count",
        errorMetric: "5XXError",
      },
      { parent: this },
    );
  }

  /** Makes the settings of all methods, and the throttle of each route. */
  private createSettings(name: string, args: RestStageArgs, { api }: Served): void {
    const stage = { restApi: api.id, stageName: this.stage.stageName };
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
    const make = (of: string, route: RouteSpec, cache: RestCache | undefined) =>
      new apigateway.MethodSettings(
        `${name}-${of}-${route.id}-settings`,
        {
          ...stage,
          methodPath: methodPath(route),
          settings: { ...shared, ...cacheSettings(cache), ...throttleSettings(route.throttle) },
        },
        { parent: this, dependsOn: [all] },
      );
    for (const service of args.services) {
      for (const route of restRoutes(service)) {
        make(service.name, route, isCached(route, args.authorizer) ? args.cache : undefined);
      }
    }
    for (const route of args.reference?.routes ?? []) make("reference", route, undefined);
    if (args.usage) make("tenant", args.usage.route, undefined);
  }
}

/** The path without its first slash, then the method, as the provider wants it. */
function methodPath({ method, path }: RouteSpec): string {
  return `${path.slice(1)}/${method}`;
}

function throttleSettings({ rate, burst }: { readonly rate: number; readonly burst: number }) {
  return { throttlingRateLimit: rate, throttlingBurstLimit: burst };
}
