import * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import type { Backend } from "../../contract/backend";
import type { ComputeOutputs, IdentityOutputs } from "../../contract/layer-outputs";
import type { RouteSpec, ServiceSpec } from "../../contract/service";
import { admit } from "../admit";
import type { Link } from "../vpc-link";
import { accessLogFormat } from "./access-log";
import { httpIntegration } from "./integration";

export interface HttpApiArgs {
  readonly services: readonly ServiceSpec[];
  readonly backends: ComputeOutputs;
  readonly link: Link;
  readonly identity: Pick<IdentityOutputs, "issuer" | "clientIds">;
  /** Exact origins; none turns CORS off. */
  readonly corsOrigins: readonly string[];
  /** Limit of routes without their own, requests per second and bucket size. */
  readonly throttle: { readonly rate: number; readonly burst: number };
  readonly logRetentionDays: number;
}

/**
 * The public HTTP API of one region: routes of every service, JWT and scopes on routes that change something, a
 * throttle per route. Reached by custom domain only.
 */
export class HttpApi extends pulumi.ComponentResource {
  readonly api: apigatewayv2.Api;
  readonly stage: apigatewayv2.Stage;

  constructor(
    private readonly name: string,
    private readonly args: HttpApiArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("platform:gateway:HttpApi", name, {}, opts);
    this.api = this.createApi();
    const authorizer = this.createAuthorizer();
    const routes = args.services.flatMap((service) => this.createService(service, authorizer));
    this.stage = this.createStage(routes);
    this.registerOutputs({ apiId: this.api.id });
  }

  private createApi(): apigatewayv2.Api {
    const { corsOrigins } = this.args;
    return new apigatewayv2.Api(
      `${this.name}-api`,
      {
        protocolType: "HTTP",
        disableExecuteApiEndpoint: true,
        ...(corsOrigins.length === 0 ? {} : { corsConfiguration: corsConfiguration(corsOrigins, this.args.services) }),
      },
      { parent: this },
    );
  }

  private createAuthorizer(): apigatewayv2.Authorizer {
    return new apigatewayv2.Authorizer(
      `${this.name}-jwt`,
      {
        apiId: this.api.id,
        name: `${this.name}-jwt`,
        authorizerType: "JWT",
        identitySources: ["$request.header.Authorization"],
        jwtConfiguration: { issuer: this.args.identity.issuer, audiences: this.args.identity.clientIds },
      },
      { parent: this },
    );
  }

  /** Integrations, routes and admission of one service; its URL stays the same whatever runs it. */
  private createService(service: ServiceSpec, authorizer: apigatewayv2.Authorizer): apigatewayv2.Route[] {
    const name = `${this.name}-${service.name}`;
    const backend = this.args.backends[service.name]!;
    const integration = this.createIntegration(name, backend);
    admit(
      name,
      {
        service,
        backend,
        link: this.args.link,
        stageArn: pulumi.interpolate`${this.api.executionArn}/$default`,
        routes: service.routes,
      },
      { parent: this },
    );
    return [
      ...service.routes.map((route) => this.createRoute(name, route, integration, authorizer)),
      ...service.legacyRoutes.map((route) => {
        const legacy = this.createIntegration(`${name}-${route.id}`, { kind: "url", url: route.url });
        return this.createRoute(name, route, legacy, authorizer);
      }),
    ];
  }

  private createIntegration(name: string, backend: Backend): apigatewayv2.Integration {
    return new apigatewayv2.Integration(
      `${name}-integration`,
      { apiId: this.api.id, ...httpIntegration(backend, this.args.link) },
      { parent: this },
    );
  }

  private createRoute(
    name: string,
    route: RouteSpec,
    integration: apigatewayv2.Integration,
    authorizer: apigatewayv2.Authorizer,
  ): apigatewayv2.Route {
    return new apigatewayv2.Route(
      `${name}-${route.id}`,
      {
        apiId: this.api.id,
        routeKey: routeKey(route),
        target: pulumi.interpolate`integrations/${integration.id}`,
        ...(route.scopes.length === 0
          ? { authorizationType: "NONE" }
          : { authorizationType: "JWT", authorizerId: authorizer.id, authorizationScopes: [...route.scopes] }),
      },
      { parent: this },
    );
  }

  private createStage(routes: apigatewayv2.Route[]): apigatewayv2.Stage {
    const { services, throttle, logRetentionDays } = this.args;
    const log = new cloudwatch.LogGroup(`${this.name}-access`, { retentionInDays: logRetentionDays }, { parent: this });
    return new apigatewayv2.Stage(
      `${this.name}-stage`,
      {
        apiId: this.api.id,
        name: "$default",
        autoDeploy: true,
        accessLogSettings: { destinationArn: log.arn, format: accessLogFormat },
        defaultRouteSettings: limits(throttle),
        routeSettings: services
          .flatMap((service) => [...service.routes, ...service.legacyRoutes])
          .map((route) => ({ routeKey: routeKey(route), ...limits(route.throttle) })),
      },
      // A setting for a route that does not exist yet is refused.
      { parent: this, dependsOn: routes },
    );
  }
}

function routeKey({ method, path }: RouteSpec): string {
  return `${method} ${path}`;
}

function limits({ rate, burst }: { readonly rate: number; readonly burst: number }) {
  return { throttlingRateLimit: rate, throttlingBurstLimit: burst, detailedMetricsEnabled: true };
}

function corsConfiguration(origins: readonly string[], services: readonly ServiceSpec[]) {
  const methods = services.flatMap((service) => service.routes.map((route) => route.method));
  return {
    allowOrigins: [...origins],
    allowMethods: [...new Set(methods)].sort(),
    allowHeaders: ["authorization", "content-type"],
    exposeHeaders: ["apigw-requestid"],
    maxAge: 600,
  };
}
