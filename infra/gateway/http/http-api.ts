import * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import type { Backend } from "../../contract/backend";
import type { ComputeOutputs } from "../../contract/layer-outputs";
import type { RouteSpec, ServiceSpec } from "../../contract/service";
import type { AlarmTarget } from "../../observability/alarm-actions";
import { errorRateAlarm } from "../../observability/error-rate-alarm";
import { admitLink, permitRoutes } from "../admit";
import { allowedHeaders } from "../cors-headers";
import type { PublishedReference } from "../reference";
import type { VpcLinkOutputs } from "../vpc-link";
import { createQueueBackends } from "../work-queues";
import { accessLogFormat } from "./access-log";
import {
  createHttpAuthorizers,
  type HttpAuthorizer,
  type HttpAuthorizers,
  routeAuthorization,
  subjectVariable,
} from "./authorizer";
import { httpIntegration } from "./integration";
import { httpRoutes } from "./routes";

/** Arguments of `HttpApi`. */
export interface HttpApiArgs extends AlarmTarget {
  readonly region: string;
  /** What the API is, for people. */
  readonly title: string;
  readonly services: readonly ServiceSpec[];
  /**
   * Services that the VPC link may reach, in the order of their rules: those of every gateway.
   * @default those of this API
   */
  readonly linkedServices?: readonly ServiceSpec[];
  readonly backends: ComputeOutputs;
  readonly link: VpcLinkOutputs;
  readonly authorizer: HttpAuthorizer;
  /** Exact origins that browsers may send requests from; none turns CORS off. @example ["https://app.example.com"] */
  readonly corsOrigins: readonly string[];
  /** Limit of routes without their own: `rate` in requests per second, `burst` the size of the token bucket. */
  readonly throttle: { readonly rate: number; readonly burst: number };
  readonly logRetentionDays: number;
  /** Routes to the OpenAPI documents. @default none */
  readonly reference?: PublishedReference;
}

/**
 * The public HTTP API of one region: the routes of every service, each with its throttle, and tokens verified on routes
 * that have scopes. It is reached by custom domain only.
 */
export class HttpApi extends pulumi.ComponentResource {
  readonly api: apigatewayv2.Api;
  readonly stage: apigatewayv2.Stage;
  /** ARN of the alarm on requests that fail. */
  readonly errorAlarmArn: pulumi.Output<string>;
  /** Name of the log group of requests. */
  readonly accessLogName: pulumi.Output<string>;

  constructor(name: string, args: HttpApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:gateway:HttpApi", name, {}, opts);
    this.api = this.createApi(name, args);
    const authorizers = createHttpAuthorizers(
      name,
      { apiId: this.api.id, authorizer: args.authorizer, routes: args.services.flatMap(httpRoutes) },
      { parent: this },
    );
    const routes = [
      ...args.services.flatMap((service) => this.createServiceRoutes(name, args, service, authorizers)),
      ...(args.reference ? this.createReferenceRoutes(`${name}-reference`, args, args.reference, authorizers) : []),
    ];
    for (const service of args.linkedServices ?? args.services) {
      const backend = args.backends[service.name]!;
      admitLink(`${name}-${service.name}`, { service, backend, link: args.link }, { parent: this });
    }
    const log = new cloudwatch.LogGroup(`${name}-access`, { retentionInDays: args.logRetentionDays }, { parent: this });
    this.accessLogName = log.name;
    this.stage = this.createStage(name, args, routes, log);
    this.errorAlarmArn = this.createAlarm(name, args).arn;
    this.registerOutputs({ apiId: this.api.id });
  }

  private createApi(name: string, args: HttpApiArgs): apigatewayv2.Api {
    const { corsOrigins } = args;
    return new apigatewayv2.Api(
      `${name}-api`,
      {
        protocolType: "HTTP",
        disableExecuteApiEndpoint: true,
        ...(corsOrigins.length === 0 ? {} : { corsConfiguration: corsConfiguration(corsOrigins, args.services) }),
      },
      { parent: this },
    );
  }

  /**
   * Makes the integrations and routes of one service, and permits the API on it if it is a function. Its URL is the same
   * under every pattern.
   */
  private createServiceRoutes(
    name: string,
    args: HttpApiArgs,
    service: ServiceSpec,
    authorizers: HttpAuthorizers,
  ): apigatewayv2.Route[] {
    const prefix = `${name}-${service.name}`;
    const backend = args.backends[service.name]!;
    const shared = service.routes.some(({ serverPath }) => serverPath === undefined)
      ? this.createIntegration(prefix, args, backend)
      : undefined;
    const stageArn = pulumi.interpolate`${this.api.executionArn}/$default`;
    permitRoutes(prefix, { backend, stageArn, routes: service.routes }, { parent: this });
    const queues = createQueueBackends(prefix, { region: args.region, service, backend }, { parent: this });
    return [
      ...service.routes.map((route) => {
        const own = route.serverPath !== undefined || shared === undefined;
        const integration = own ? this.createIntegration(`${prefix}-${route.id}`, args, backend, route) : shared;
        return this.createRoute(prefix, args, route, integration, authorizers);
      }),
      ...service.workRoutes.map((route) => {
        const taken = this.createIntegration(`${prefix}-${route.id}`, args, queues[route.id]!, route);
        return this.createRoute(prefix, args, route, taken, authorizers);
      }),
      ...service.legacyRoutes.map((route) => {
        const legacy = this.createIntegration(`${prefix}-${route.id}`, args, { kind: "url", url: route.url });
        return this.createRoute(prefix, args, route, legacy, authorizers);
      }),
    ];
  }

  private createReferenceRoutes(
    name: string,
    args: HttpApiArgs,
    { routes, backend }: PublishedReference,
    authorizers: HttpAuthorizers,
  ): apigatewayv2.Route[] {
    const integration = this.createIntegration(name, args, backend);
    return routes.map((route) => this.createRoute(name, args, route, integration, authorizers));
  }

  /** @param route  the only one that it is for @default it is for all of a service's */
  private createIntegration(
    name: string,
    args: HttpApiArgs,
    backend: Backend,
    route?: RouteSpec,
  ): apigatewayv2.Integration {
    return new apigatewayv2.Integration(
      `${name}-integration`,
      {
        apiId: this.api.id,
        ...httpIntegration(backend, { link: args.link, subject: subjectVariable(args.authorizer) }, route),
      },
      // AWS takes the parameters of a queue's integration only all together, and an update sends those that change.
      { parent: this, ...(backend.kind === "queue" ? { replaceOnChanges: ["requestParameters"] } : {}) },
    );
  }

  private createRoute(
    name: string,
    args: HttpApiArgs,
    route: RouteSpec,
    integration: apigatewayv2.Integration,
    authorizers: HttpAuthorizers,
  ): apigatewayv2.Route {
    return new apigatewayv2.Route(
      `${name}-${route.id}`,
      {
        apiId: this.api.id,
        routeKey: routeKey(route),
        target: pulumi.interpolate`integrations/${integration.id}`,
        ...routeAuthorization(route, args.authorizer, authorizers),
      },
      { parent: this },
    );
  }

  private createStage(
    name: string,
    args: HttpApiArgs,
    routes: apigatewayv2.Route[],
    log: cloudwatch.LogGroup,
  ): apigatewayv2.Stage {
    const { services, reference, throttle } = args;
    return new apigatewayv2.Stage(
      `${name}-stage`,
      {
        apiId: this.api.id,
        name: "$default",
        autoDeploy: true,
        accessLogSettings: { destinationArn: log.arn, format: accessLogFormat },
        defaultRouteSettings: throttleSettings(throttle),
        routeSettings: [...services.flatMap(httpRoutes), ...(reference?.routes ?? [])].map((route) => ({
          routeKey: routeKey(route),
          ...throttleSettings(route.throttle),
        })),
      },
      // AWS refuses settings for a route that does not exist yet.
      { parent: this, dependsOn: routes },
    );
  }

  /** Makes the alarm on requests that end in an error of the API, its functions or the servers. */
  private createAlarm(name: string, { alarmTopicArn, title }: HttpApiArgs): cloudwatch.MetricAlarm {
    return errorRateAlarm(
      `${name}-errors`,
      {
        alarmTopicArn,
        description: `${title}: more than 5 % of requests fail`,
        namespace: "AWS/ApiGateway",
        dimensions: { ApiId: this.api.id },
        requestMetric: "Count",
        errorMetric: "5xx",
      },
      { parent: this },
    );
  }
}

function routeKey({ method, path }: RouteSpec): string {
  return `${method} ${path}`;
}

function throttleSettings({ rate, burst }: { readonly rate: number; readonly burst: number }) {
  return { throttlingRateLimit: rate, throttlingBurstLimit: burst, detailedMetricsEnabled: true };
}

function corsConfiguration(origins: readonly string[], services: readonly ServiceSpec[]) {
  const methods = services.flatMap((service) => httpRoutes(service).map((route) => route.method));
  return {
    allowOrigins: [...origins],
    allowMethods: [...new Set(methods)].sort(),
    allowHeaders: allowedHeaders(services.flatMap(httpRoutes)),
    exposeHeaders: ["apigw-requestid", "x-served-by"],
    maxAge: 600,
  };
}
