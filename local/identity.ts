import type { GraphIndex } from "../graph/model";
import { cognitoApi } from "./aws/cognito-api";
import type { ServiceApi } from "./aws/service-call";
import { type RunningIssuer, startIssuer } from "./cognito/issuer";
import type { SigningKeys } from "./cognito/tokens";
import { UserPools } from "./cognito/user-pools";
import type { Reach } from "./faults/cut-gateway";
import type { LogSink } from "./processes/lines";
import { sesApi } from "./ses/ses-api";
import type { TimeScale } from "./time-scale";
import type { Workloads } from "./workloads";

/** An issuer, and the region of its pools. */
interface RegionalIssuer {
  readonly region?: string;
  readonly issuer: RunningIssuer;
}

/** Options of `Identity`. */
export interface IdentityOptions {
  readonly keys: SigningKeys;
  /** By which tokens live shorter than planned. */
  readonly time: TimeScale;
  /** Returns what runs the functions of triggers. */
  readonly compute: () => Workloads;
  /** Whether regions are reached. @default always */
  readonly reach?: Reach | undefined;
  readonly log: LogSink;
}

/**
 * The planned user pools of a platform: their API, and an issuer with the sign-in pages in each region that has one. A plan
 * without a pool has one issuer, of no region and no pages, which says so to who asks it.
 */
export class Identity {
  /** Their API and that of the mail that their triggers send, by the names in signatures. */
  readonly apis: Readonly<Record<string, ServiceApi>>;
  private readonly pools: UserPools;
  private readonly issuers: RegionalIssuer[] = [];

  constructor(
    private readonly index: GraphIndex,
    private readonly options: IdentityOptions,
  ) {
    const { keys, time, compute, reach } = options;
    this.pools = new UserPools(index, { keys, time, invoke: (arn, event) => compute().invoke(arn, event) });
    this.apis = { "cognito-idp": cognitoApi(this.pools, reach), ses: sesApi(index, this.pools.mailbox) };
  }

  /** URL of the primary region's issuer. */
  get url(): string {
    return this.issuers[0]!.issuer.url;
  }

  /** URLs of the issuers by region, the primary one first; none without a pool. */
  get urls(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.issuers.flatMap(({ region, issuer }) => (region === undefined ? [] : [[region, issuer.url]])),
    );
  }

  /** Returns the URL of a planned issuer's keys. @throws {UserError} when no planned user pool with clients has it */
  jwksUrl(issuer: string): string {
    const all = this.issuers.map(({ issuer: each }) => each);
    const own = all.find(({ keyAddresses }) => keyAddresses.has(`${issuer}/.well-known/jwks.json`));
    return (own ?? all[0]!).jwksUrl(issuer);
  }

  /** Starts the issuers, and tells what runs where their keys are. */
  async start(): Promise<void> {
    const { index, pools, options } = this;
    const { reach } = options;
    const log = (line: string) => options.log("issuer", line);
    for (const region of this.regions()) {
      const regional = region === undefined ? {} : { region };
      const issuer = await startIssuer({ index, port: 0, log, userPools: pools, ...regional, reach });
      this.issuers.push({ ...regional, issuer });
      options.compute().replaceUrls(issuer.keyAddresses);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.issuers.map(({ issuer }) => issuer.stop()));
  }

  /** Regions of user pools, that of the outputs first, which is the primary one; one that is none without a pool. */
  private regions(): readonly [string | undefined, ...string[]] {
    const outputs = Object.keys(this.index.graph.outputs["identity"] ?? {});
    const having = this.pools.pools.map(({ region }) => region);
    const primary = outputs.find((region) => having.includes(region)) ?? having[0];
    const others = [...new Set(having)].filter((region) => region !== primary);
    return [primary, ...others];
  }
}
