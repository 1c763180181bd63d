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

/** The planned user pools of a platform: their API, and an issuer with the sign-in pages in each region that has one. */
export class Identity {
  /** Their API and that of the mail that their triggers send, by the names in signatures. */
  readonly apis: Readonly<Record<string, ServiceApi>>;
  private readonly pools: UserPools;
  private readonly issuers = new Map<string, RunningIssuer>();

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
    return [...this.issuers.values()][0]!.url;
  }

  /** URLs of the issuers by region, the primary one first. */
  get urls(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.issuers].map(([region, { url }]) => [region, url]));
  }

  /** Returns the URL of a planned issuer's keys. @throws {UserError} when no planned user pool with clients has it */
  jwksUrl(issuer: string): string {
    const all = [...this.issuers.values()];
    const own = all.find(({ keyAddresses }) => keyAddresses.has(`${issuer}/.well-known/jwks.json`));
    return (own ?? all[0]!).jwksUrl(issuer);
  }

  /** Starts the issuers, and tells what runs where their keys are. */
  async start(): Promise<void> {
    const { index, pools, options } = this;
    const { reach } = options;
    const log = (line: string) => options.log("issuer", line);
    for (const region of this.regions()) {
      const issuer = await startIssuer({ index, port: 0, log, userPools: pools, region, reach });
      this.issuers.set(region, issuer);
      options.compute().replaceUrls(issuer.keyAddresses);
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.issuers.values()].map((each) => each.stop()));
  }

  /** Regions of user pools, that of the outputs first, which is the primary one; it has an issuer in any case. */
  private regions(): readonly string[] {
    const outputs = Object.keys(this.index.graph.outputs["identity"] ?? {});
    const having = this.pools.pools.map(({ region }) => region);
    const primary = outputs.find((region) => having.includes(region));
    const all = [...new Set([...(primary === undefined ? [] : [primary]), ...having])];
    return all.length > 0 ? all : ["none"];
  }
}
