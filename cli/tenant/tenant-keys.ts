import { type TenantSecret, tenantKey } from "../../apps/kit/tenant";
import { UserError } from "../../graph/user-error";
import { API_KEYS } from "../../stacks/config/tenant-rules";
import type { AwsClients } from "./aws-clients";
import type { TenantEnvironment, TenantRegion } from "./environment";
import { type DesiredKey, type ExistingKey, RegionKeys } from "./region-keys";
import type { Tenant } from "./tenant-table";

/** Most tenants of an account: each has two keys while the secret is rotated. */
const maxTenants = API_KEYS / 2;

/** Refuses tenants for which AWS does not take enough keys. @throws {UserError} */
export function refuseTooManyTenants(count: number): void {
  if (count <= maxTenants) return;
  const most = maxTenants.toLocaleString("en");
  throw new UserError(
    `a tenant has two API keys while the secret is rotated, so there are at most ${most} tenants, got ${count}; remove tenants first, or use another account`,
  );
}

/** Makes the API keys of every region follow what the tenants should be. */
export class TenantKeys {
  readonly regions: readonly RegionKeys[];

  constructor(
    aws: AwsClients,
    private readonly environment: TenantEnvironment,
    private readonly progress: (line: string) => Promise<void>,
  ) {
    this.regions = environment.regions.map((region) => new RegionKeys(aws, region));
  }

  /**
   * Makes, enables, disables and deletes the keys of tenants in every region, so that exactly those that should be there
   * are. Keys that are due come before others go. A region that fails does not keep the others from being done.
   * @param secrets  of the regions, in their order
   * @param versions  versions of the secret that have keys; unset: all that the region's secret has
   * @returns how many things were changed
   * @throws {UserError} the first failure, after all regions were tried
   */
  async follow(
    tenants: readonly Tenant[],
    secrets: readonly TenantSecret[],
    versions?: readonly string[],
  ): Promise<number> {
    const failures: unknown[] = [];
    let changes = 0;
    for (const [i, keys] of this.regions.entries()) {
      try {
        changes += await this.followIn(keys, tenants, secrets[i]!, versions);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return changes;
  }

  /** Names of a tenant's keys begin so. The dot keeps those of `acme-two` apart from those of `acme`. */
  prefixOf(tenant: string): string {
    return `${this.environment.name}.${tenant}.`;
  }

  /** Refuses more keys than AWS takes, before the first is made. @param added  keys to be made in each region */
  async refuseTooMany(added: number): Promise<void> {
    for (const keys of this.regions) refuseTooManyKeys(keys.region.name, await keys.count(), added);
  }

  private async followIn(
    keys: RegionKeys,
    tenants: readonly Tenant[],
    secret: TenantSecret,
    versions: readonly string[] = [...secret.keys.keys()],
  ): Promise<number> {
    const [only] = tenants;
    if (only === undefined) return 0;
    const existing = await keys.list(tenants.length === 1 ? this.prefixOf(only.name) : `${this.environment.name}.`);
    const byTenant = new Map<string, ExistingKey[]>();
    for (const key of existing) {
      const tenant = key.name.split(".")[1]!;
      byTenant.set(tenant, [...(byTenant.get(tenant) ?? []), key]);
    }
    let changes = 0;
    for (const [i, tenant] of tenants.entries()) {
      if (i > 0 && i % 50 === 0) await this.progress(`${keys.region.name}: ${i} of ${tenants.length} tenants`);
      const desired = desiredKeys(this.environment.name, tenant, keys.region, secret, versions);
      changes += await followTenant(keys, desired, byTenant.get(tenant.name) ?? []);
    }
    return changes;
  }
}

/** Refuses to add keys to a region that has no room for them. @throws {UserError} */
export function refuseTooManyKeys(region: string, count: number, added: number): void {
  if (count + added <= API_KEYS) return;
  throw new UserError(
    `${region}: an account has at most ${API_KEYS.toLocaleString("en")} API keys in a region, got ${count} and ${added} to make; remove tenants, or use another account`,
  );
}

async function followTenant(
  keys: RegionKeys,
  desired: readonly DesiredKey[],
  existing: readonly ExistingKey[],
): Promise<number> {
  let changes = 0;
  for (const key of desired) {
    changes += await keys.ensure(
      key,
      existing.find(({ value }) => value === key.value),
    );
  }
  for (const key of existing) {
    if (desired.some(({ value }) => value === key.value)) continue;
    await keys.remove(key);
    changes++;
  }
  return changes;
}

function desiredKeys(
  environment: string,
  { name: tenant, tier, previous, state }: Tenant,
  { name: region, plans }: TenantRegion,
  secret: TenantSecret,
  versions: readonly string[],
): DesiredKey[] {
  if (state === "removing" || state === "removed") return [];
  return [tier, ...(previous ? [previous.tier] : [])].flatMap((each) => {
    const planId = plans[each];
    if (planId === undefined) {
      // The tier that a tenant leaves may be gone already.
      if (each !== tier) return [];
      throw new UserError(
        `${region} has no plan of tier ${each}, which ${tenant} is in; deploy the tier again, or move ${tenant} first`,
      );
    }
    return versions.map((version) => ({
      name: `${environment}.${tenant}.${each}.${version}`,
      value: tenantKey(secret.keys.get(version)!, { tenant, tier: each }),
      planId,
      enabled: state === "active",
    }));
  });
}
