import type * as z from "zod";

/*
 * What a service says of itself; `defineService` makes its contract of it.
 */

export type Method = "GET" | "PUT" | "POST" | "PATCH" | "DELETE";

export interface Throttle {
  readonly rate: number;
  readonly burst: number;
}

/** DynamoDB table of a service; every key attribute is a string. An index must project all attributes. */
export interface TableSpec {
  readonly hashKey: string;
  readonly indexes: readonly { readonly name: string; readonly hashKey: string }[];
}

/** What both kinds of routes say. */
export interface RouteTerms {
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  /** `write` asks for the scope `<service>/write`. */
  readonly access: "open" | "write";
  readonly throttle: Throttle;
}

/** A route the service itself answers. Its path parameters are ids, see `itemId`. */
export interface RouteDefinition extends RouteTerms {
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  readonly answer: z.ZodObject;
}

export type RouteDefinitions = Readonly<Record<string, RouteDefinition>>;

export interface ServiceDefinition<Routes extends RouteDefinitions = RouteDefinitions> {
  /** Kebab-case; also the first path segment and the prefix of the scopes. */
  readonly name: string;
  readonly title: string;
  /** Unique over all services. */
  readonly port: number;
  readonly table: TableSpec;
  /** By route id. */
  readonly routes: Routes;
  /** Routes that stay with an HTTP endpoint outside the platform, by route id; config says where. */
  readonly legacy?: Readonly<Record<string, RouteTerms>>;
}
