/** Route of a service, as its contract in apps/ declares it. Plain data. */
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

/** Route that an HTTP endpoint outside the platform answers. */
export interface LegacyRouteSpec extends RouteSpec {
  readonly url: string;
}

/** DynamoDB table of a service; every key attribute is a string. */
export interface TableSpec {
  readonly hashKey: string;
  readonly indexes: readonly { readonly name: string; readonly hashKey: string }[];
}

/** What every layer may know about a service: its contract, with the changes that configuration makes to its routes. */
export interface ServiceSpec {
  readonly name: string;
  /** Port of the server, and of its listener on the shared balancer; unique over all services. */
  readonly port: number;
  readonly routes: readonly RouteSpec[];
  readonly legacyRoutes: readonly LegacyRouteSpec[];
  readonly table: TableSpec;
}
