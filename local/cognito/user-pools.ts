import { createHmac, timingSafeEqual } from "node:crypto";
import type { GraphIndex } from "../../graph/model";
import type { TimeScale } from "../time-scale";
import { type AppClient, readClients, readPools, type UserPool } from "./clients";
import { CognitoError } from "./cognito-error";
import { Codes } from "./directory/codes";
import { Directory } from "./directory/directory";
import { Mailbox } from "./mailbox";
import type { InvokeFunction } from "./pre-token";
import { RefreshTokens } from "./refresh-tokens";
import { type SigningKeys, TokenSigner } from "./tokens";
import { Triggers } from "./triggers";

/** Options of `UserPools`. */
export interface UserPoolsOptions {
  readonly keys: SigningKeys;
  /**
   * Milliseconds since the epoch.
   * @default Date.now
   */
  readonly clock?: () => number;
  /** Invokes the functions of triggers. @default a pool with triggers refuses what asks them */
  readonly invoke?: InvokeFunction;
  /** How long a trigger may take. @default 5 s, as on AWS */
  readonly triggerWaitMs?: number;
  /** By which tokens live shorter than planned. @default as planned */
  readonly time?: TimeScale;
}

/** What the sign-in pages and the user-pool API of the planned user pools have in common: users, tokens and messages. */
export class UserPools {
  readonly pools: readonly UserPool[];
  readonly clients: ReadonlyMap<string, AppClient>;
  readonly mailbox: Mailbox;
  readonly triggers: Triggers;
  readonly signer: TokenSigner;
  readonly refreshTokens: RefreshTokens;
  readonly codes: Codes;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Id of the pool by region and prefix of its sign-in page, `eu-west-1 example`. */
  readonly domains: ReadonlyMap<string, string>;
  private readonly directories: ReadonlyMap<string, Directory>;

  constructor(
    index: GraphIndex,
    { keys, clock = Date.now, invoke = noFunctions, triggerWaitMs, time }: UserPoolsOptions,
  ) {
    this.now = clock;
    this.pools = readPools(index);
    this.clients = new Map(readClients(index, this.pools, time).map((client) => [client.id, client]));
    this.directories = new Map(this.pools.map((pool) => [pool.id, new Directory(pool, clock)]));
    this.domains = new Map(
      index
        .ofType("aws:cognito/userPoolDomain:UserPoolDomain")
        .map(({ region, outputs }) => [`${region} ${outputs["domain"]}`, outputs["userPoolId"]]),
    );
    this.mailbox = new Mailbox(clock);
    this.triggers = new Triggers(invoke, triggerWaitMs);
    this.signer = new TokenSigner(keys, clock, (arn, event) =>
      this.triggers.answerOf("PreTokenGeneration", arn, event),
    );
    this.refreshTokens = new RefreshTokens(this.signer);
    this.codes = new Codes(this.mailbox, this.triggers, clock);
  }

  /** @throws {CognitoError} ResourceNotFoundException */
  client(id: unknown): AppClient {
    const client = typeof id === "string" ? this.clients.get(id) : undefined;
    if (client !== undefined) return client;
    throw new CognitoError("ResourceNotFoundException", `User pool client ${id} does not exist.`);
  }

  /** @throws {CognitoError} ResourceNotFoundException */
  directory(poolId: unknown): Directory {
    const directory = typeof poolId === "string" ? this.directories.get(poolId) : undefined;
    if (directory !== undefined) return directory;
    throw new CognitoError("ResourceNotFoundException", `User pool ${poolId} does not exist.`);
  }

  /** Returns the client whose tokens have these claims, and its user. */
  holderOf(claims: Readonly<Record<string, unknown>> | undefined) {
    const client = this.clients.get(String(claims?.["client_id"]));
    const user = client && this.directory(client.pool.id).find(String(claims?.["sub"]));
    return client && user ? { client, user } : undefined;
  }
}

/**
 * Checks the hash by which a client with a secret signs its calls.
 * @throws {CognitoError} NotAuthorizedException without it, or with another one
 */
export function checkSecretHash({ id, secret }: AppClient, username: string, given: unknown): void {
  if (secret === undefined) return;
  if (typeof given !== "string") {
    const text = `Client ${id} is configured with secret but SECRET_HASH was not received`;
    throw new CognitoError("NotAuthorizedException", text);
  }
  const expected = createHmac("sha256", secret)
    .update(username + id)
    .digest();
  const bytes = Buffer.from(given, "base64");
  if (bytes.length !== expected.length || !timingSafeEqual(bytes, expected)) {
    throw new CognitoError("NotAuthorizedException", `Unable to verify secret hash for client ${id}`);
  }
}

function noFunctions(): Promise<never> {
  return Promise.reject(new Error("no functions run"));
}
