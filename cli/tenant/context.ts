import { setTimeout as sleep } from "node:timers/promises";
import { DescribeUserPoolClientCommand } from "@aws-sdk/client-cognito-identity-provider";
import { isTenantName } from "../../apps/kit/tenant";
import { UserError } from "../../graph/user-error";
import { note, print } from "../print";
import { AwsClients } from "./aws-clients";
import { type TenantEnvironment, tenantEnvironment, type WhereOptions } from "./environment";
import { TenantKeys } from "./tenant-keys";
import { TenantSecrets } from "./tenant-secrets";
import { type Tenant, TenantTable } from "./tenant-table";

/**
 * Time in which API Gateway knows a new key. AWS documents none; a few seconds are reported.
 * @see https://github.com/moduspwnens/boa-chat/issues/1
 */
const keySeconds = 60;
/** Time that an authorizer keeps the secret (apps/authorizer/secret.ts). */
const secretSeconds = 60;
/** Time that API Gateway keeps an authorizer's decision (infra/gateway/rest/authorizer.ts). */
const decisionSeconds = 60;

const secondsPer: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };

/** What every `tenant` command works with. */
export class TenantContext {
  readonly table: TenantTable;
  readonly secrets: TenantSecrets;
  readonly keys: TenantKeys;

  private constructor(
    readonly environment: TenantEnvironment,
    readonly aws: AwsClients,
    private readonly by: string,
  ) {
    this.table = new TenantTable(aws, environment.memberTable, by);
    this.secrets = new TenantSecrets(aws, environment.regions);
    this.keys = new TenantKeys(aws, environment, note);
  }

  /** @throws {UserError} when the environment is not there, has no tenants, or the caller is not known to AWS */
  static async open(options: WhereOptions): Promise<TenantContext> {
    const environment = await tenantEnvironment(options);
    const aws = new AwsClients(environment);
    return new TenantContext(environment, aws, await aws.caller());
  }

  /** Reads a tenant that may be changed. @throws {UserError} when there is none, or it is being removed */
  async tenant(name: string): Promise<Tenant> {
    const tenant = await this.table.tenant(checkedName(name));
    if (tenant === undefined || tenant.state === "removed") {
      throw new UserError(`${this.environment.name} has no tenant ${name}; \`list\` prints all, \`add\` makes one`);
    }
    if (tenant.state === "removing") {
      throw new UserError(`the removal of ${name} is not finished; run \`remove ${name}\` again`);
    }
    return tenant;
  }

  /** Returns a tier that every region has. @throws {UserError} */
  tier(name: string): string {
    for (const { name: region, plans } of this.environment.regions) {
      if (Object.hasOwn(plans, name)) continue;
      throw new UserError(
        `the tier must be one of ${Object.keys(plans).join(", ")}, got "${name}"; name one, or deploy it to ${region} first`,
      );
    }
    return name;
  }

  /**
   * Makes the keys of tenants follow their rows. The secrets are read again at the end, because a rotation that began
   * meanwhile has listed the tenants without the new ones.
   * @returns how many things were changed
   */
  async follow(...tenants: readonly Tenant[]): Promise<number> {
    const secrets = await this.secrets.ensure();
    const changes = await this.keys.follow(tenants, secrets);
    const again = await this.secrets.ensure();
    const versions = (all: typeof secrets) => all.map(({ keys }) => [...keys.keys()].join()).join(";");
    return versions(again) === versions(secrets) ? changes : changes + (await this.keys.follow(tenants, again));
  }

  /** Waits until API Gateway knows new keys. */
  waitForKeys(): Promise<void> {
    return this.wait("until API Gateway knows the new keys", keySeconds);
  }

  /** Waits until no authorizer and no kept decision names a key by the secret as it was. */
  waitForSecret(): Promise<void> {
    return this.wait(
      "until every authorizer has read the secret, and kept decisions are over",
      secretSeconds + decisionSeconds,
    );
  }

  /** Returns the time after which no access token of now is admitted, kept decisions included. */
  async tokensOver(): Promise<string> {
    const lifetimes = await Promise.all(this.environment.clientIds.map((id) => this.tokenSeconds(id)));
    const seconds = Math.max(...lifetimes) + decisionSeconds;
    return new Date(Date.now() + (seconds * 1_000) / this.environment.timeScale).toISOString();
  }

  /** Waits until a time. */
  waitUntil(why: string, time: string): Promise<void> {
    return this.waitMilliseconds(why, Date.parse(time) - Date.now());
  }

  /** Prints what was changed, with time and caller, or that nothing was. */
  async report(what: string, changes: number): Promise<void> {
    const done = changes === 0 ? `${what}; nothing changed` : what;
    await print(`${new Date().toISOString()} ${this.by} ${this.environment.name}: ${done}`);
  }

  private wait(why: string, seconds: number): Promise<void> {
    return this.waitMilliseconds(why, (seconds * 1_000) / this.environment.timeScale);
  }

  private async waitMilliseconds(why: string, milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= 15_000) {
      await note(`waits ${Math.ceil(left / 1_000)} s ${why}; Ctrl-C is safe, the same command goes on later`);
      await sleep(Math.min(left, 15_000));
    }
  }

  private async tokenSeconds(clientId: string): Promise<number> {
    const { userPoolId } = this.environment;
    const command = new DescribeUserPoolClientCommand({ UserPoolId: userPoolId, ClientId: clientId });
    const { UserPoolClient: client } = await this.aws.users(command);
    // Cognito's default is an hour.
    return (client.AccessTokenValidity ?? 1) * (secondsPer[client.TokenValidityUnits?.AccessToken ?? "hours"] ?? 3_600);
  }
}

/** Returns the name of a tenant. @throws {UserError} when it is none */
export function checkedName(name: string): string {
  if (isTenantName(name)) return name;
  throw new UserError(`a tenant's name must be 1-64 of a-z, 0-9 and inner hyphens, got "${name}"; choose another`);
}
