import type * as z from "zod";

/*
 * What the author of a service declares; `defineService` makes the service's contract from it.
 */

/** HTTP method of a route. */
export type Method = "GET" | "PUT" | "POST" | "PATCH" | "DELETE";

/** Limit of requests to a route, enforced by the gateway in each region. */
export interface Throttle {
  /** Requests per second. */
  readonly rate: number;
  /** Requests that may come at once: size of the token bucket. */
  readonly burst: number;
}

/** DynamoDB table of a service. Every key attribute is a string, and every index projects all attributes. */
export interface TableSpec {
  readonly hashKey: string;
  readonly indexes: readonly { readonly name: string; readonly hashKey: string }[];
}

/** Fields of every route, whether the service or an endpoint outside the platform answers it. */
export interface CommonRouteFields {
  readonly method: Method;
  /** Path in API Gateway's syntax, starting with `/<service>/`: `/food-store/foods/{id}`. */
  readonly path: string;
  /** One line for the OpenAPI document. */
  readonly summary: string;
  /** `open` needs no token; `write` needs a token with the scope `<service>/write`. */
  readonly access: "open" | "write";
  readonly throttle: Throttle;
}

/** A route that the service itself answers. Its path parameters are ids, see `itemId`. */
export interface RouteDefinition extends CommonRouteFields {
  /**
   * Schema of the query parameters.
   * @default no query parameters are read
   */
  readonly query?: z.ZodObject;
  /**
   * Schema of the request's JSON body; an `id` in it must be the `id` of the path.
   * @default no body is read
   */
  readonly body?: z.ZodObject;
  /** A valid body without `id`: the example of the OpenAPI document, and what `npm run verify` stores. */
  readonly sample?: Readonly<Record<string, unknown>>;
  /** Schema of the JSON body of the response with status 200. */
  readonly answer: z.ZodObject;
}

/** The routes that a service answers, by route id. */
export type RouteDefinitions = Readonly<Record<string, RouteDefinition>>;

/** What the author of a service declares, see `defineService`. */
export interface ServiceDefinition<Routes extends RouteDefinitions = RouteDefinitions> {
  /** Kebab-case; also the first segment of every path and the prefix of the scopes. @example "food-store" */
  readonly name: string;
  /** Name for people, in the OpenAPI document. @example "Food store" */
  readonly title: string;
  /** TCP port of the server; no two services have the same. */
  readonly port: number;
  readonly table: TableSpec;
  /** The routes that the service answers, by route id, without the health route, which `defineService` adds. */
  readonly routes: Routes;
  /**
   * Routes that an HTTP endpoint outside the platform answers, by route id; its URL comes from configuration.
   * @default none
   */
  readonly legacy?: Readonly<Record<string, CommonRouteFields>>;
}
