import * as pulumi from "@pulumi/pulumi";
import type { FunctionBackend } from "../contract/backend";
import type { RouteSpec } from "../contract/service";
import { PlatformFunction, type PlatformFunctionArgs } from "../functions/platform-function";

/** Path of the document about all services of a gateway; that of a service is below the service's name. */
export const MAIN_PATH = "/openapi.json";
/** Path of the page that shows it. */
export const PAGE_PATH = "/docs";

/** A page loads four files and the document; a reader of one or two documents, as generators are, needs less. */
const throttle = { rate: 20, burst: 20 } as const;

/** Arguments of `Reference`. */
export interface ReferenceArgs
  extends Pick<PlatformFunctionArgs, "account" | "artifact" | "logRetentionDays" | "alarmTopicArn"> {
  /** Origins whose pages may read the documents of a REST API; an HTTP API has a list of its own. */
  readonly corsOrigins: readonly string[];
}

/** A gateway's routes to the documents, and what answers them. */
export interface PublishedReference {
  readonly routes: readonly RouteSpec[];
  readonly backend: FunctionBackend;
}

/**
 * The function of a region that publishes the OpenAPI documents of its gateways and the page that shows them: an HTTP API
 * cannot answer by itself, and nothing else of a region answers without a service (docs/adr/0024).
 */
export class Reference extends pulumi.ComponentResource {
  readonly backend: FunctionBackend;
  private readonly published: PlatformFunction;

  constructor(name: string, args: ReferenceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:gateway:Reference", name, {}, opts);
    const { account, artifact, logRetentionDays, alarmTopicArn, corsOrigins } = args;
    this.published = new PlatformFunction(
      `${name}-function`,
      {
        description: "Publishes the OpenAPI documents of the gateways",
        account,
        artifact,
        logRetentionDays,
        alarmTopicArn,
        variables: corsOrigins.length === 0 ? {} : { CORS_ORIGINS: corsOrigins.join(",") },
        statements: [],
        memory: 256,
        timeoutSeconds: 10,
      },
      { parent: this },
    );
    const { functionArn, aliasArn, invokeArn } = this.published;
    this.backend = { kind: "function", functionArn, aliasArn, invokeArn, streamingAliasArn: aliasArn };
    this.registerOutputs({ functionArn });
  }

  /**
   * Makes the permission that lets one stage of one API ask for what is open to everyone. It is one for all routes: the
   * policy of the function has no place for one per service, gateway and stage.
   */
  permit(name: string, stageArn: pulumi.Input<string>): void {
    this.published.permit(name, {
      awsService: "apigateway.amazonaws.com",
      sourceArn: pulumi.interpolate`${stageArn}/GET/*`,
    });
  }
}

/** Returns the routes to the documents of a gateway and to the page. @param services  names of the gateway's services */
export function referenceRoutes(services: readonly string[]): RouteSpec[] {
  const route = (id: string, path: string): RouteSpec => ({ id, method: "GET", path, scopes: [], throttle });
  return [
    route("document", MAIN_PATH),
    ...services.map((service) => route(`of-${service}`, `/${service}${MAIN_PATH}`)),
    route("page", PAGE_PATH),
    route("page-file", `${PAGE_PATH}/{file}`),
  ];
}
