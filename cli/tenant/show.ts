import { print } from "../print";
import { TenantContext } from "./context";
import type { WhereOptions } from "./environment";
import type { ExistingKey, RegionKeys } from "./region-keys";

/** Options of `list` and `show`. */
export type ShowOptions = WhereOptions & { readonly json?: boolean };

/** Prints every tenant with tier and state. */
export async function list({ json, ...options }: ShowOptions): Promise<void> {
  const context = await TenantContext.open(options);
  const tenants = (await context.table.tenants()).filter(({ state }) => state !== "removed");
  const shown = tenants.map(({ name, tier, state, changedAt, changedBy }) => ({
    name,
    tier,
    state,
    changedAt,
    changedBy,
  }));
  if (json) return print(JSON.stringify(shown, null, 2));
  const width = Math.max(0, ...shown.map(({ name }) => name.length));
  const lines = shown.map(
    (each) => `${each.name.padEnd(width)}  ${each.tier}  ${each.state}  ${each.changedAt} ${each.changedBy}`,
  );
  await print(lines.length === 0 ? `${context.environment.name} has no tenants yet` : lines.join("\n"));
}

/** Prints a tenant: its keys and what is left of its quota in each region, its members, and who changed what. */
export async function show(name: string, { json, ...options }: ShowOptions): Promise<void> {
  const context = await TenantContext.open(options);
  const tenant = await context.tenant(name);
  const [members, log] = await Promise.all([context.table.members(name), context.table.logOf(name)]);
  const regions: Record<string, object[]> = {};
  for (const keys of context.keys.regions) {
    regions[keys.region.name] = [];
    for (const key of await keys.list(context.keys.prefixOf(name))) {
      regions[keys.region.name]!.push({ key: key.name, enabled: key.enabled, ...(await usageOf(keys, key)) });
    }
  }
  const { tier, state, previous } = tenant;
  const shown = { name, tier, state, previous, regions, members: members.map(({ id }) => id), log };
  await print(json ? JSON.stringify(shown, null, 2) : textOf(shown));
}

/** Says what is left of a key's quota; a stand-in for AWS may not be able to. */
async function usageOf(keys: RegionKeys, { id, planIds: [planId] }: ExistingKey): Promise<object> {
  if (planId === undefined) return { plan: "none" };
  try {
    return { quota: (await keys.usage(planId, id)) ?? "none" };
  } catch (error) {
    return { quota: `not known: ${(error as Error).message}` };
  }
}

function textOf({ name, tier, state, previous, regions, members, log }: any): string {
  const moving = previous ? `, from ${previous.tier} until ${previous.until ?? "its members are moved"}` : "";
  return [
    `${name}: tier ${tier}${moving}, ${state}`,
    ...Object.entries<any[]>(regions).flatMap(([region, keys]) => [
      `${region}:${keys.length === 0 ? " no key" : ""}`,
      ...keys.map((key) => `  ${key.key}  ${key.enabled ? "enabled" : "disabled"}  ${quotaText(key)}`),
    ]),
    `members: ${members.length}`,
    ...members.map((id: string) => `  ${id}`),
    "changes:",
    ...log.map(({ at, by, what }: any) => `  ${at} ${by} ${what}`),
  ].join("\n");
}

function quotaText({ plan, quota }: any): string {
  if (plan === "none") return "in no plan";
  if (quota === "none") return "no quota";
  if (typeof quota === "string") return quota;
  return `${quota.remaining} of ${quota.limit} requests left in this ${quota.period.toLowerCase()}`;
}
