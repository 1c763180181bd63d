import type { GraphIndex } from "../graph/model";
import { cognitoApi } from "./aws/cognito-api";
import type { ServiceApi } from "./aws/service-call";
import { type RunningIssuer, startIssuer } from "./cognito/issuer";
import type { SigningKeys } from "./cognito/tokens";
import { UserPools } from "./cognito/user-pools";
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
  readonly log: LogSink;
}

/** The planned user pools of a platform: their API, and the issuer with the sign-in pages. */
export class Identity {
  /** Their API and that of the mail that their triggers send, by the names in signatures. */
  readonly apis: Readonly<Record<string, ServiceApi>>;
  private readonly pools: UserPools;
  private issuer: RunningIssuer | undefined;

  constructor(
    private readonly index: GraphIndex,
    private readonly options: IdentityOptions,
  ) {
    const { keys, time, compute } = options;
    this.pools = new UserPools(index, { keys, time, invoke: (arn, event) => compute().invoke(arn, event) });
    this.apis = { "cognito-idp": cognitoApi(this.pools), ses: sesApi(index, this.pools.mailbox) };
  }

  /** URL of the issuer. */
  get url(): string {
    return this.issuer!.url;
  }

  /** Returns the URL of a planned issuer's keys. @throws {UserError} when no planned user pool with clients has it */
  jwksUrl(issuer: string): string {
    return this.issuer!.jwksUrl(issuer);
  }

  /** Starts the issuer, and tells what runs where its keys are. */
  async start(): Promise<void> {
    const { index, pools, options } = this;
    const log = (line: string) => options.log("issuer", line);
    this.issuer = await startIssuer({ index, port: 0, log, userPools: pools });
    options.compute().replaceUrls(this.issuer.keyAddresses);
  }

  async stop(): Promise<void> {
    await this.issuer?.stop();
  }
}
