import type * as z from "zod";
import type { ServiceNeeds } from "./needs-definition";
import type { SessionUse } from "./session-definition";

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

/** How a POST is done once, however often it is sent with one key; see docs/idempotency.md. */
export interface Idempotency {
  /** Whether a request without the header `Idempotency-Key` is refused, or done each time that it comes. */
  readonly required: boolean;
  /**
   * Whether keys are claimed in one region for all, the first of the environment: two regions never do the work of one key
   * at the same time, and without that region no request is accepted.
   * @default false: each region claims keys in its own table, and knows those of others after the lag of replication
   */
  readonly exact?: true;
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
export interface RouteDefinition extends Omit<CommonRouteFields, "access"> {
  /**
   * `platform` is for what the platform hands to the service itself: messages and uploads. No gateway has such a route, and
   * no published document lists it; it is a POST with a body and without path parameters.
   */
  readonly access: CommonRouteFields["access"] | "platform";
  /**
   * Path at the server, with the same parameters, of a server that knows nothing of the platform.
   * @default `path`
   */
  readonly serverPath?: string;
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
  /**
   * Ids of items of other services that the sample names, by service; what stores the sample stores such items first.
   * @default none
   * @example { "food-store": "apple-1" }
   */
  readonly sampleItems?: Readonly<Record<string, string>>;
  /**
   * Values of parameters of the path that are not for the client to choose: their examples in the OpenAPI document.
   * @default none, as clients choose the ids of items
   */
  readonly sampleParams?: Readonly<Record<string, string>>;
  /** Schema of the JSON body of the response with status 200; of a stream, of each of its lines. */
  readonly answer: z.ZodObject;
  /**
   * Whether the answer is a stream of lines with a JSON object each (`application/x-ndjson`), whose handler returns them
   * one after the other. Of a GET only. A REST API passes them on as they are made; an HTTP API when all are there.
   * @default false
   */
  readonly stream?: true;
  /**
   * That an endpoint outside the platform has answered the route so far, and may go on: the configuration says who
   * answers it (`routes.<id>.to`), and until it says so the endpoint does. Not of a route that streams.
   * @default the service answers it
   */
  readonly legacy?: Pick<LegacyRouteDefinition, "parameters">;
  /**
   * Makes it safe to send a POST again: it takes the header `Idempotency-Key`. Of a route with `access: "write"`.
   * @default the route takes no key
   */
  readonly idempotency?: Idempotency;
  /**
   * Gives the handler a session of the caller, see docs/sessions.md. Of a route with `access: "write"`.
   * @default the route is of no session
   */
  readonly session?: SessionUse;
}

/** The parameters of a path, by name. @example PathParameters<"/food-store/foods/{id}"> is { readonly id: string } */
export type PathParameters<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [K in Name]: string } & PathParameters<Rest>
  : unknown;

/** The routes that a service answers, by route id. */
export type RouteDefinitions = Readonly<Record<string, RouteDefinition>>;

/** A route that an HTTP endpoint outside the platform answers. */
export interface LegacyRouteDefinition extends CommonRouteFields {
  /**
   * Parameters that a REST API sets in the request to the endpoint, in API Gateway's syntax; an HTTP API sets none.
   * @example { "integration.request.header.x-correlation-id": "context.requestId" }
   * @default none
   */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** What a REST API answers itself, without a server. */
export type GatewayAnswer =
  /** The same body to everyone. */
  | { readonly kind: "fixed"; readonly body: Readonly<Record<string, unknown>> }
  /**
   * The item of the service's table whose key is the only path parameter, read by API Gateway itself; 404 `not_found`
   * when there is none. `template` (VTL) writes the JSON body from `$item`, the attributes in DynamoDB's own form.
   * @example { kind: "item", attributes: ["price"], template: '{"cents":$item.price.M.amount.N}' }
   */
  | { readonly kind: "item"; readonly attributes: readonly string[]; readonly template: string };

/** A GET route that a REST API answers itself: it works while no server does. An HTTP API does not have it. */
export interface GatewayRouteDefinition extends CommonRouteFields {
  readonly method: "GET";
  readonly answer: GatewayAnswer;
}

/**
 * A route by which a gateway takes work on: it puts the body into a queue of the service and answers 202, also while no server
 * runs; see docs/work.md.
 */
export interface WorkDefinition<RouteId extends string = string> extends CommonRouteFields {
  readonly method: "POST";
  /** Schema of the body, which a REST API checks; an HTTP API takes any. */
  readonly body: z.ZodObject;
  /** A valid body: the example of the OpenAPI document. */
  readonly sample: Readonly<Record<string, unknown>>;
  /** Id of a route with `access: "platform"` and the same body, which does the work. It may be called twice for one body. */
  readonly route: RouteId;
  /**
   * Where what became of it is: an open route that reads it by the id of the message, and the table of `needs.tables` that
   * has it under that id.
   * @default not known, so that `npm run verify` does not try it
   */
  readonly result?: { readonly route: RouteId; readonly table: string };
}

/** Kinds of changes of an item. */
export const changeKinds = ["created", "changed", "deleted"] as const;
/** Kind of a change of an item. */
export type ChangeKind = (typeof changeKinds)[number];

/** What is handed to a service of another one's changes; see docs/events.md. */
export interface ConsumeDefinition<RouteId extends string = string> {
  /**
   * Id of a route with `access: "platform"`, whose body is an `itemChange`. Changes may come twice and in another order,
   * which their versions show.
   */
  readonly route: RouteId;
  /**
   * Kinds of changes that are handed over.
   * @default all
   */
  readonly kinds?: readonly ChangeKind[];
}

/** What the author of a service declares, see `defineService`. */
export interface ServiceDefinition<
  Routes extends RouteDefinitions = RouteDefinitions,
  Calls extends ServiceCalls = ServiceCalls,
> {
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
  readonly legacy?: Readonly<Record<string, LegacyRouteDefinition>>;
  /**
   * Routes that a REST API answers itself, by route id.
   * @default none
   */
  readonly gateway?: Readonly<Record<string, GatewayRouteDefinition>>;
  /**
   * Routes by which the gateways take work on for later, by route id.
   * @default none
   */
  readonly work?: Readonly<Record<string, WorkDefinition<Extract<keyof Routes, string>>>>;
  /**
   * What the service needs in addition to its table and its servers.
   * @default nothing
   */
  readonly needs?: ServiceNeeds<Extract<keyof Routes, string>>;
  /**
   * Ids of the routes of other services that this one calls, by service. Nothing else may call them inside the platform.
   * @default none
   * @example { "food-store": ["get-food"] }
   */
  readonly calls?: Calls;
  /**
   * Whether changes of the service's items are published, each in the region where it was written.
   * @default false
   */
  readonly publishes?: boolean;
  /**
   * Changes that are handed to the service, by the service that publishes them.
   * @default none
   * @example { "food-store": { route: "note-food" } }
   */
  readonly consumes?: Readonly<Record<string, ConsumeDefinition<Extract<keyof Routes, string>>>>;
}

/** Ids of the routes that a service calls, by the service that answers them. */
export type ServiceCalls = Readonly<Record<string, readonly string[]>>;
