import type { GatewayRouteSpec, RouteSpec, Throttle, WorkRouteSpec } from "../apps/kit/contract";
import type { Tables } from "./marked-items";

/** What an environment must do, from its configuration and the services' contracts. */
export interface Expected {
  /** `dev`, `prod`. */
  readonly environment: string;
  /** The name clients call: `api.example.com`. */
  readonly apiName: string;
  /** Region names; the first is the primary. */
  readonly regions: readonly string[];
  /** Origins that browsers may call from. */
  readonly corsOrigins: readonly string[];
  readonly services: readonly ExpectedService[];
  /** @default the user pool is the only issuer */
  readonly issuers?: readonly ExpectedIssuer[];
  /** @default no REST API */
  readonly rest?: RestExpected;
  /** The API by which services call each other, and the paths that they call. @default no service calls another */
  readonly privateApi?: { readonly name: string; readonly paths: readonly string[] };
  /** Names of services that fail over by themselves, by service. @default none */
  readonly failoverNames?: Readonly<Record<string, string>>;
}

/** What a REST API must do. */
export interface RestExpected {
  /** The name clients call: `rest.api.example.com`. */
  readonly name: string;
  /** Names of the services that it leads to. */
  readonly services: readonly string[];
  /** Base paths of stages after the first. */
  readonly stages: readonly string[];
  /** Limits of the tenants' tiers. @default no tenants: users of the pool are admitted */
  readonly tiers?: Readonly<Record<string, Throttle>>;
}

/** An issuer of tokens other than the user pool. */
export interface ExpectedIssuer {
  readonly name: string;
  /** Scopes of the platform by its own. @default its tokens name the platform's */
  readonly scopes?: Readonly<Record<string, readonly string[]>>;
}

/** One more path of a route. */
export interface FormerRoute extends RouteSpec {
  /** Id of the route. */
  readonly of: string;
  /** Header of the token, in lower case. @default Authorization */
  readonly tokenHeader?: string;
}

/** One service's routes as the environment configures them: its limits, without the routes it turns off. */
export interface ExpectedService {
  readonly name: string;
  readonly routes: readonly RouteSpec[];
  readonly legacyRoutes: readonly RouteSpec[];
  readonly gatewayRoutes: readonly GatewayRouteSpec[];
  readonly workRoutes: readonly WorkRouteSpec[];
  /** Paths that clients of an existing gateway know, each with the id of its route. @default none */
  readonly formerRoutes?: readonly FormerRoute[];
  /** Whether the environment leaves out the private API by which the service asks others. @default false */
  readonly cannotCall?: boolean;
}

/** One name that leads to the platform, and where to connect for it. */
export interface Door {
  /** `global`, or the region that the name belongs to. */
  readonly label: string;
  /** The region that it leads to. @default any */
  readonly region?: string;
  /** Sent as Host and, over TLS, as server name. */
  readonly name: string;
  /** Address to connect to: `https://api.example.com`, or a loopback address on this machine. */
  readonly origin: string;
}

/** The private API of a region, where it can be reached: inside the VPC. */
export interface PrivateDoor extends Door {
  /** Returns the headers of a request that a principal of the account signs, whom the API's policy does not name. */
  signed(path: string): Promise<Readonly<Record<string, string>>>;
}

/**
 * Gets an access token with one of these scopes at least, and with none of `without`.
 * @throws {NotRun} when it can get no such token
 */
export type TokenSource = (scopes: readonly string[], without?: readonly string[]) => Promise<string>;

/** Tenants to verify with. */
export interface Tenants {
  /** Returns an access token of a tenant in a tier. @throws {NotRun} when there is none */
  token(tier: string): Promise<string>;
  /** Removes the tenants that were made for it. */
  remove(): Promise<void>;
}

/** A running environment: what is expected of it, and how to reach its parts. */
export interface Target {
  /** For people: `dev on this machine, http://127.0.0.1:8080`. */
  readonly title: string;
  readonly expected: Expected;
  /** The name that fails over. */
  readonly global: Door;
  /** Each region's own name, by region. */
  readonly regions: Readonly<Record<string, Door>>;
  /** The REST API's name that fails over; then each other region's own. @default no REST API */
  readonly rest?: readonly Door[];
  /** Names of services that fail over by themselves; the label is the service. @default none */
  readonly services?: readonly Door[];
  /** The private API. @default out of reach, as it is from outside the VPC */
  readonly privateDoors?: readonly PrivateDoor[];
  /** Access tokens of issuers other than the user pool, by the issuer's name. @default none */
  readonly issuerTokens?: Readonly<Record<string, string>>;
  readonly tenants?: Tenants;
  /** Why `tenants` is unset. */
  readonly tenantsMissing?: string;
  /** Regions that a name leads to now. */
  readonly regionsOf: (name: string) => Promise<readonly string[]>;
  /** Unset: there is no way to get a token, and the reason is `tokenMissing`. */
  readonly token?: TokenSource;
  readonly tokenMissing?: string;
  /** Unset: items cannot be removed, so none is written. */
  readonly tables?: Tables;
  /** PEM of a certificate authority to trust in addition to the usual ones. */
  readonly ca?: string;
}

/** Returns whether requests to a door go over TLS. */
export function isSecure(door: Door): boolean {
  return door.origin.startsWith("https:");
}

/**
 * Returns the doors whose every route is asked: the global name for the primary region, and the own names of the
 * others. The primary's own name leads to the same API as the global one.
 */
export function storyDoors({ global, regions, expected }: Target): readonly Door[] {
  return [global, ...expected.regions.slice(1).map((region) => regions[region]!)];
}
