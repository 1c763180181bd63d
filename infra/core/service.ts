/** Names of the compute patterns, as config writes them. The registry in infra/compute must have exactly these. */
export const patternNames = ["ec2", "ecs", "beanstalk", "lambda"] as const;
export type PatternName = (typeof patternNames)[number];

/** How a gateway reaches an `ecs` service; the other patterns have one way each. */
export const ingressNames = ["cloudmap", "alb"] as const;
export type Ingress = (typeof ingressNames)[number];

/** Size of one server: vCPU and memory per pattern are looked up in infra/compute/sizes.ts. */
export const sizeNames = ["small", "medium", "large"] as const;
export type Size = (typeof sizeNames)[number];

/** One route of a service, as its contract in apps/ declares it. Plain data. */
export interface RouteSpec {
  /** Unique within the service, kebab-case: `put-food`. Part of resource names. */
  readonly id: string;
  readonly method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE";
  /** API Gateway syntax, starts with `/<service>/`: `/food-store/foods/{id}`. */
  readonly path: string;
  /** OAuth scopes, any of which admits; empty means the route is open. */
  readonly scopes: readonly string[];
  /** Requests per second and bucket size of this route, per region. */
  readonly throttle: { readonly rate: number; readonly burst: number };
}

/** A route that stays with an HTTP endpoint outside the platform. */
export interface LegacyRouteSpec extends RouteSpec {
  readonly url: string;
}

/** DynamoDB table of a service; every key attribute is a string. */
export interface TableSpec {
  readonly hashKey: string;
  readonly indexes: readonly { readonly name: string; readonly hashKey: string }[];
}

/** Everything infra knows about a service: its contract, and what config says about it. */
export interface ServiceSpec {
  readonly name: string;
  readonly pattern: PatternName;
  readonly ingress: Ingress;
  /** Port of the server, and of its listener on the shared balancer; unique over all services. */
  readonly port: number;
  readonly routes: readonly RouteSpec[];
  readonly legacyRoutes: readonly LegacyRouteSpec[];
  readonly table: TableSpec;
  readonly capacity: {
    /** Servers needed at peak load, before the spare for a lost zone. */
    readonly peak: number;
    /** Most servers (or, for `lambda`, see `functions`). */
    readonly max: number;
    readonly size: Size;
    /** Share of `ecs` tasks above the on-demand base that run on Fargate Spot, 0-100. */
    readonly spotPercent: number;
  };
  readonly scaling: {
    /** Target average CPU, percent. */
    readonly cpuPercent: number;
    /** Target average memory, percent (`ecs`). */
    readonly memoryPercent: number;
    /** Target requests per second and server, where a balancer counts them. */
    readonly requestsPerSecond: number;
  };
  readonly functions: {
    /** Most concurrent executions (`lambda`). */
    readonly reservedConcurrency: number;
    /** Executions kept warm (`lambda`); 0 for none. */
    readonly provisionedConcurrency: number;
  };
}

/** A built artifact: one folder that holds the server, the Lambda handler and the Dockerfile of a service. */
export interface Artifact {
  /** sha256 over the folder's files, hex; equal for equal sources. */
  readonly hash: string;
  /** Folder, relative to the project root: `.artifacts/food-store-<first 12 of hash>`. */
  readonly directory: string;
}
