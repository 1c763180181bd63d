import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { AwsClients } from "../../cli/tenant/aws-clients";
import { tenantEnvironment } from "../../cli/tenant/environment";
import { TenantKeys } from "../../cli/tenant/tenant-keys";
import { TenantSecrets } from "../../cli/tenant/tenant-secrets";
import type { Tenant } from "../../cli/tenant/tenant-table";
import { type Graph, GraphIndex } from "../../graph/model";
import { readClients } from "../../local/cognito/clients";
import { newSigningKeys, type SigningKeys, TokenSigner } from "../../local/cognito/tokens";
import { userOf } from "../../local/cognito/users";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import type { Target } from "./client";
import { host, route, tier } from "./settings";

/** What the process of the platform is asked. */
export type PlatformRequest =
  | { readonly kind: "start"; readonly graph: Graph; readonly tenants: number; readonly endpoint: string }
  | { readonly kind: "processor-time" };

/** A platform that runs, with a token of each tenant, and what took how long. */
export interface Started {
  readonly target: Target;
  readonly lines: readonly string[];
}

/** The tenant command keeps below the limits that AWS has for management calls; here nothing has them. */
const timeScale = 1_000_000;

/** The platform of dev with tenants, in a process that does nothing else, as that of `npm start`. */
export class TenantPlatform {
  private readonly stateDir = mkdtempSync(join(tmpdir(), "bench-tenants-"));
  private platform: RunningPlatform | undefined;

  /** Returns milliseconds of processor time of this process, or what the platform was started with. */
  async answer(message: PlatformRequest): Promise<Started | number> {
    if (message.kind === "start") return this.start(message);
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  }

  async stop(): Promise<void> {
    await this.platform?.stop();
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  /**
   * Starts the plan of `planForTenants`, makes the API keys of so many tenants by the code of `npm run tenant`, and signs a
   * token of each with the issuer's key.
   */
  private async start({ graph, tenants, endpoint }: PlatformRequest & { kind: "start" }): Promise<Started> {
    const { stateDir } = this;
    const signingKeys = await newSigningKeys();
    const legacyOrigins = { [route.origin]: endpoint };
    this.platform = await startPlatform({ graph, stateDir, signingKeys, legacyOrigins, log: () => {} });
    const names = Array.from({ length: tenants }, (_, i) => `tenant-${i}`);
    const startedAt = performance.now();
    const changes = await makeKeys(names, stateDir);
    const madeAt = performance.now();
    const tokens = await signTokens(names, new GraphIndex(graph), signingKeys);
    const seconds = (from: number, to: number) => `${((to - from) / 1_000).toFixed(1)} s`;
    return {
      target: { origin: this.platform.endpoints.regions["eu-west-1"]!.rest!, host, path: route.path, tokens },
      lines: [
        `${tenants} tenants: keys made and attached (${changes} changes) in ${seconds(startedAt, madeAt)}`,
        `${tokens.length} tokens signed in ${seconds(madeAt, performance.now())}`,
      ],
    };
  }
}

/** @returns how many things were changed: a key that is made, and one that is put into its plan */
async function makeKeys(names: readonly string[], state: string): Promise<number> {
  const environment = await tenantEnvironment({ state, timeScale });
  const aws = new AwsClients(environment);
  const secrets = await new TenantSecrets(aws, environment.regions).ensure();
  const common = { tier: tier.name, state: "active", revision: 1, changedAt: "", changedBy: "" } as const;
  const tenants = names.map((name): Tenant => ({ ...common, name }));
  return new TenantKeys(aws, environment, async () => {}).follow(tenants, secrets);
}

/** Signs what the issuer signs for a member of each tenant, whom the trigger would find in the table. */
async function signTokens(names: readonly string[], index: GraphIndex, keys: SigningKeys): Promise<string[]> {
  const client = readClients(index).find(({ flows }) => flows.includes("code"))!;
  const authTime = Math.floor(Date.now() / 1_000);
  return Promise.all(
    names.map(async (tenant) => {
      const claimsToAddOrOverride = { tenant_id: tenant, tier: tier.name };
      const claims = { accessTokenGeneration: { claimsToAddOrOverride } };
      const answer = { response: { claimsAndScopeOverrideDetails: claims } };
      const signer = new TokenSigner(keys, Date.now, async () => answer);
      const user = userOf(client.pool, `user@${tenant}.example.com`);
      const session = { user, scopes: client.scopes, authTime, originId: tenant, nonce: undefined };
      return (await signer.tokens(client, session, "TokenGeneration_HostedAuth")).access;
    }),
  );
}
