import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
import { host, tier } from "./settings";

/** A route of servers behind the region's balancer, which are asked through the VPC link. */
const path = "/shipping/shipments?destination=DE";
/** The tenant command keeps below the limits that AWS has for management calls; here nothing has them. */
const timeScale = 1_000_000;

/** The platform of dev with tenants, on this machine. */
export interface TenantPlatform {
  readonly target: Target;
  stop(): Promise<void>;
}

/**
 * Starts the plan of `plan.ts`, makes the API keys of so many tenants by the code of `npm run tenant`, and signs a
 * token of each with the issuer's key.
 */
export async function startTenantPlatform(
  graph: Graph,
  tenants: number,
  say: (line: string) => void,
): Promise<TenantPlatform> {
  const signingKeys = await newSigningKeys();
  const stateDir = mkdtempSync(join(tmpdir(), "bench-tenants-"));
  let platform: RunningPlatform | undefined;
  const stop = async () => {
    await platform?.stop();
    rmSync(stateDir, { recursive: true, force: true });
  };
  try {
    platform = await startPlatform({ graph, stateDir, signingKeys, log: () => {} });
    const names = Array.from({ length: tenants }, (_, i) => `tenant-${i}`);
    const startedAt = performance.now();
    const calls = await makeKeys(names, stateDir);
    const madeAt = performance.now();
    const tokens = await signTokens(names, new GraphIndex(graph), signingKeys);
    const seconds = (from: number, to: number) => `${((to - from) / 1_000).toFixed(1)} s`;
    say(`${tenants} tenants: keys made and attached (${calls} changes) in ${seconds(startedAt, madeAt)}`);
    say(`${tokens.length} tokens signed in ${seconds(madeAt, performance.now())}`);
    const origin = platform.endpoints.regions["eu-west-1"]!.rest!;
    return { target: { origin, host, path, tokens }, stop };
  } catch (error) {
    await stop();
    throw error;
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
    names.map((tenant) => {
      const claimsToAddOrOverride = { tenant_id: tenant, tier: tier.name };
      const answer = {
        response: { claimsAndScopeOverrideDetails: { accessTokenGeneration: { claimsToAddOrOverride } } },
      };
      const signer = new TokenSigner(keys, Date.now, async () => answer);
      const user = userOf(client.pool, `user@${tenant}.example.com`);
      const session = { user, scopes: client.scopes, authTime, originId: tenant, nonce: undefined };
      return signer.accessToken(client, session, "TokenGeneration_HostedAuth");
    }),
  );
}
