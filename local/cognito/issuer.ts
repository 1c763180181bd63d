import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { GraphIndex } from "../../graph/model";
import { UserError } from "../../graph/user-error";
import type { Reach } from "../faults/cut-gateway";
import { Endpoints } from "./endpoints";
import { readProviders } from "./federation/providers";
import { StandIn } from "./federation/stand-in";
import type { InvokeFunction } from "./pre-token";
import { newSigningKeys, type SigningKeys } from "./tokens";
import { UserPools } from "./user-pools";

/** Options of `startIssuer`. */
export interface IssuerOptions {
  readonly index: GraphIndex;
  /** 0 takes a free port. */
  readonly port: number;
  readonly log: (message: string) => void;
  /**
   * Milliseconds since the epoch.
   * @default Date.now
   */
  readonly clock?: () => number;
  /** Invokes the functions of triggers. @default a pool with triggers refuses what asks them */
  readonly invoke?: InvokeFunction;
  /** @default new ones */
  readonly keys?: SigningKeys | Promise<SigningKeys>;
  /** The region whose clients it serves. @default those of all regions */
  readonly region?: string;
  /** Whether the region is reached; the mailbox is no part of it. @default always */
  readonly reach?: Reach | undefined;
  /** Users and clients. @default those of the index, with the clock, function and keys above */
  readonly userPools?: UserPools;
}

/** An issuer that listens. */
export interface RunningIssuer {
  readonly url: string;
  /** URL of the keys by the planned one. */
  readonly keyAddresses: ReadonlyMap<string, string>;
  /** Returns the URL of a planned issuer's keys. @throws {Error} when no planned user pool with clients has it */
  jwksUrl(issuer: string): string;
  /** Returns the secret of a client, generated at start; undefined for public clients. */
  clientSecret(clientId: string): string | undefined;
  stop(): Promise<void>;
}

/** Serves sign-in page, tokens and keys of every planned user pool on loopback, as Cognito's domain and issuer do. */
export async function startIssuer({
  index,
  port,
  log,
  userPools,
  region,
  reach,
  ...options
}: IssuerOptions): Promise<RunningIssuer> {
  const pools = userPools ?? new UserPools(index, { ...options, keys: await (options.keys ?? newSigningKeys()) });
  const clients = [...pools.clients.values()].filter(({ pool }) => (region ?? pool.region) === pool.region);
  const providers = readProviders(index);
  const standIn = new StandIn(providers, log);
  const issuer = new Endpoints(pools, clients, { providers, standIn }, log);
  const server = createServer((req, res) => {
    const fault = region === undefined || req.url?.startsWith("/mailbox") ? undefined : reach?.fault(region);
    if (fault === undefined) void issuer.handle(req, res);
    else if (fault === "hang") req.resume();
    else req.socket.destroy();
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  issuer.url = url;
  const path = ".well-known/jwks.json";
  const keyAddresses = new Map(clients.map(({ pool }) => [`${pool.issuer}/${path}`, `${url}/${pool.id}/${path}`]));
  return {
    url,
    keyAddresses,
    jwksUrl: (planned) => {
      const address = keyAddresses.get(`${planned}/${path}`);
      if (address !== undefined) return address;
      throw new UserError(`no planned user pool with clients has the issuer ${planned}; plan one`);
    },
    clientSecret: (id) => pools.clients.get(id)?.secret,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, standIn.stop()]);
    },
  };
}
