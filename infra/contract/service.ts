/** A JSON schema (draft 4, as models of REST APIs are) as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A route of a service as plain data: one of its contract in apps/, after configuration. */
export interface RouteSpec {
  /** Unique within the service, kebab-case: `put-food`. Part of resource names. */
  readonly id: string;
  readonly method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE";
  /** API Gateway syntax, starts with `/<service>/`: `/food-store/foods/{id}`. */
  readonly path: string;
  /** OAuth scopes, one of which a token must have; empty means that no token is needed. */
  readonly scopes: readonly string[];
  /** Limit of this route per region: `rate` in requests per second, `burst` the size of the token bucket. */
  readonly throttle: { readonly rate: number; readonly burst: number };
  /** Schema of the JSON body, which a REST API checks. @default the route reads no body */
  readonly body?: JsonSchema;
  /** Query parameters that the route reads. @default none */
  readonly query?: readonly { readonly name: string; readonly required: boolean }[];
  /** Whether the service answers with a stream, which a REST API passes on as it is made. @default false */
  readonly stream?: true;
  /** Path at the server, with the same parameters. @default `path` @example "/foods/{id}" */
  readonly serverPath?: string;
  /** Set where the path is one more of a route, which clients of an existing gateway know. @default it is the contract's */
  readonly former?: FormerPath;
}

/** What differs on a path that clients of an existing gateway know. */
export interface FormerPath {
  /** Id of the route that it leads to. */
  readonly of: string;
  /** Header that its token is in, in place of Authorization, in lower case. @default Authorization */
  readonly tokenHeader?: string;
  /** All headers that its clients send in place of the platform's, which pages of other origins may send too. */
  readonly headers: readonly string[];
}

/** A route that an HTTPS endpoint outside the platform answers. */
export interface LegacyRouteSpec extends RouteSpec {
  /** URL of the endpoint. @example "https://legacy.example.com/rates" */
  readonly url: string;
  /** Parameters of API Gateway that a REST API sets in the request. @default none */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A route by which a gateway takes work on: it puts the body into a queue of the service and answers 202. */
export interface WorkRouteSpec extends RouteSpec {
  /** Route of the service that the platform hands the body to. */
  readonly deliverTo: { readonly method: "POST"; readonly path: string };
}

/** A route that a REST API answers itself, without a server. */
export interface GatewayRouteSpec extends RouteSpec {
  readonly answer:
    | { readonly kind: "fixed"; readonly body: Readonly<Record<string, unknown>> }
    /** Attributes of the item of the service's table whose key is the path's one parameter; VTL writes the body. */
    | { readonly kind: "item"; readonly attributes: readonly string[]; readonly template: string };
}

/** Keys of a service's DynamoDB table; every key attribute is a string. */
export interface TableSpec {
  readonly hashKey: string;
  readonly indexes: readonly { readonly name: string; readonly hashKey: string }[];
}

/** One more table of a service; its key is a string. */
export interface MoreTableSpec {
  readonly hashKey: string;
  /** Whether items are deleted some time after their `expiresAt`, seconds since the epoch. @default false */
  readonly expires?: true;
  /** Whether the service uses the table of its home region from every region. @default false */
  readonly home?: true;
}

/** A call of one of the service's own routes by the clock, in each region. */
export interface ScheduleSpec {
  /** Unique within the service, kebab-case. Part of resource names. */
  readonly id: string;
  /** `rate(...)` or `cron(...)` of EventBridge Scheduler, in UTC. */
  readonly every: string;
  readonly method: RouteSpec["method"];
  /** Path without parameters. */
  readonly path: string;
}

/** A route of the service to which the platform hands messages; no gateway has it. */
export interface DeliveredRoute {
  readonly method: "POST";
  /** Path without parameters. */
  readonly path: string;
}

/** Kinds of changes of an item. */
export type ChangeKind = "created" | "changed" | "deleted";

/** Changes of another service's items that are handed to a route. */
export interface ConsumeSpec extends DeliveredRoute {
  /** Service that publishes them. */
  readonly service: string;
  /** @default all kinds */
  readonly kinds?: readonly ChangeKind[];
}

/** What a service needs in addition to its table and its servers. */
export interface NeedsSpec {
  /** Values of its own environment variables, by name. */
  readonly variables: Readonly<Record<string, string>>;
  /** Names of its secrets; each is in an environment variable of that name when its code runs. */
  readonly secrets: readonly string[];
  /** Hosts outside AWS that it calls by HTTPS. Security groups know addresses only: with any host, all are reached. */
  readonly egress: readonly string[];
  /** Its bucket in each region. @default none */
  readonly bucket?: {
    readonly expireAfterDays: number;
    /** The route that is told of objects whose keys begin with `prefix`. */
    readonly onUpload?: DeliveredRoute & { readonly prefix: string };
  };
  readonly schedules: readonly ScheduleSpec[];
  /** Its tables in addition to its own, by name: 1-32 lower-case letters, digits and hyphens. @default none */
  readonly tables?: Readonly<Record<string, MoreTableSpec>>;
}

/** A route of another service that a service calls. */
export interface CallSpec {
  /** Service that answers. */
  readonly service: string;
  readonly route: RouteSpec;
}

/** A server of a service that keeps items, as far as its pattern needs the contract. */
export interface ServerSpec extends Pick<ServiceSpec, "name" | "port"> {
  readonly table: TableSpec;
}

/** A service as every layer sees it: its contract, with the changes that configuration makes to its routes. */
export interface ServiceSpec {
  /** @example "food-store" */
  readonly name: string;
  /** Port of the server, and of its listener on the shared balancer; unique over all services. */
  readonly port: number;
  readonly routes: readonly RouteSpec[];
  readonly legacyRoutes: readonly LegacyRouteSpec[];
  /** Routes of a REST API only. */
  readonly gatewayRoutes: readonly GatewayRouteSpec[];
  readonly workRoutes: readonly WorkRouteSpec[];
  /** Undefined for a service by an outside image that asks for none. */
  readonly table: TableSpec | undefined;
  readonly needs: NeedsSpec;
  /** Routes of other services that it calls through the private API. */
  readonly calls: readonly CallSpec[];
  /** Whether changes of its items are published. */
  readonly publishes: boolean;
  readonly consumes: readonly ConsumeSpec[];
}
