import type { Graph } from "../graph/model";
import type { ZonalShift } from "./arc/zonal-shifts";
import type { SigningKeys } from "./cognito/tokens";
import type { Development } from "./development";
import type { Faults } from "./faults/faults";
import type { How } from "./faults/kinds";
import type { LogSink } from "./processes/lines";
import type { Endpoints } from "./state/endpoints";
import type { PlatformState } from "./state/platform-state";

/** Options of `startPlatform`. */
export interface PlatformOptions {
  /**
   * The planned resources of a whole environment: every layer of every region. What does not depend on them starts
   * before they are there.
   */
  readonly graph: Graph | Promise<Graph>;
  /**
   * Port of the one address for clients; 0 takes a free one.
   * @default `preferredPort`, else a free one
   */
  readonly port?: number;
  /**
   * Port to take instead of any free one when `port` is unset; when it is in use, a free one is taken.
   * @default none
   */
  readonly preferredPort?: number;
  /**
   * Longest time until every server is healthy. It is that of this machine, independent of the time scale.
   * @default 60
   */
  readonly readySeconds?: number;
  /** Stops the start when it aborts. */
  readonly signal?: AbortSignal;
  /**
   * How many times faster than planned intervals and delays pass.
   * @default 1
   */
  readonly timeScale?: number;
  /** Gets every line that servers, functions and the platform itself log. */
  readonly log: LogSink;
  /**
   * Folder of `endpoints.json`.
   * @default `.local` in the project
   */
  readonly stateDir?: string;
  /**
   * Folder that planned artifact folders are relative to.
   * @default this project
   */
  readonly root?: string;
  /** Called when a part begins to start, and with `ready` at the end. */
  readonly onProgress?: (part: PlatformPart, detail: string) => void;
  /**
   * Planned origin of a legacy endpoint -> origin that gets its requests instead.
   * @example { "https://legacy.example.com": "http://127.0.0.1:9001" }
   */
  readonly legacyOrigins?: Readonly<Record<string, string>>;
  /**
   * Origin of a program of this machine that stands in for the container image of a service, by service.
   * @default none: routes of such services answer 503
   * @example { notes: "http://127.0.0.1:3000" }
   */
  readonly instead?: Readonly<Record<string, string>>;
  /**
   * Services that run, by name; routes of others answer 5xx.
   * @default all
   */
  readonly only?: readonly string[] | undefined;
  /**
   * Service whose processes open a port for a debugger each; their log lines say which.
   * @default none
   */
  readonly inspect?: string | undefined;
  /**
   * Origin of a compatible store that has the items of all tables, and keeps them when the platform ends. Calls of every
   * region go there, signed for the region where the table is planned.
   * @default none: the items end with the platform
   * @example "http://127.0.0.1:8000"
   */
  readonly dynamodb?: string;
  /**
   * From a write to a global table in one region to the moment at which the other regions have it, at a time scale of 1.
   * @default 1
   */
  readonly replicationSeconds?: number;
  /**
   * Puts another address in front of the tables of a region: returns the URL that what runs in the region is told. Calls
   * may be passed on to `url`, unchanged but for the way.
   * @default `url` itself
   */
  readonly storeAddress?: (region: string, url: string) => string | Promise<string>;
  /**
   * Further environment variables of all servers and functions.
   * @default none
   */
  readonly variables?: Readonly<Record<string, string>>;
  /**
   * Breaks parts of the platform, and has the control planes that refuse starts while they are dark.
   * @default one that begins what `/_platform/faults` is told
   */
  readonly faults?: Faults;
  /** Whether the console keeps the traces of requests. Services log spans unless their variable TRACES is `off`. @default true */
  readonly traces?: boolean;
  /** Whether the control planes are dark as soon as the platform is ready. @default false */
  readonly dark?: boolean;
  /**
   * Keys that the issuer signs tokens with.
   * @default new ones
   */
  readonly signingKeys?: SigningKeys;
}

/** A part of the platform whose start is reported; `left out`: what does not run, and why. */
export type PlatformPart = "store" | "issuer" | "gateways" | "servers" | "left out" | "ready";

/** A platform that was started. */
export interface RunningPlatform {
  readonly endpoints: Endpoints;
  /** What a person changes of it while it runs. */
  readonly development: Development;
  state(): PlatformState;
  /**
   * Keeps regions' tables apart from all others, as when they are down: no write leaves or reaches them. Those that are not
   * named are together again, and get what they have missed.
   */
  isolateTables(regions: readonly string[]): Promise<void>;
  /** Has the store of a region fail, or work again, for what runs in the region. */
  failStore(region: string, how: How | undefined): Promise<void>;
  /**
   * Shifts what is planned to take part in zonal shifts away from a zone, for a planned hour at most, or ends that.
   * @returns what takes part and what does not, and why; undefined where there was no shift to end
   * @throws {UserError} where nothing can be shifted, and for a second zone of a region
   */
  shiftZone(zone: string, on: boolean): ZonalShift | undefined;
  /** Replaces the servers of a service, in all regions, in the planned order; returns how many it had. */
  release(service: string): Promise<number>;
  /** Ends all parts within 3 s; may be called again. */
  stop(): Promise<void>;
}
