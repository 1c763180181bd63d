import { UserError } from "../../graph/user-error";
import { checkedName, TenantContext } from "./context";
import type { WhereOptions } from "./environment";
import { refuseTooManyTenants } from "./tenant-keys";
import type { Tenant } from "./tenant-table";

/** What a command did: a sentence, and how much had to be changed for it. */
interface Changed {
  readonly context: TenantContext;
  readonly what: string;
  readonly changes: number;
}

/**
 * Adds a tenant, or finishes an addition that broke off.
 * @throws {UserError} when it is there with another tier, or suspended, or its name was free a moment ago only
 */
export async function add(name: string, options: WhereOptions & { readonly tier: string }): Promise<void> {
  const { context, what, changes } = await addQuietly(name, options);
  await context.report(what, changes);
}

/** Adds a tenant, as `add` does, and prints nothing. */
export async function addQuietly(name: string, options: WhereOptions & { readonly tier: string }): Promise<Changed> {
  checkedName(name);
  const context = await TenantContext.open(options);
  const tier = context.tier(options.tier);
  const found = await context.table.tenant(name);
  const known = found?.state === "removed" ? undefined : found;
  if (known !== undefined) refuseOther(known, tier);
  else await refuseUnready(context, found);
  const what = `${name} is a tenant of tier ${tier}`;
  const tenant = known ?? (await context.table.put(found, { name, tier, state: "active" }, `added in tier ${tier}`));
  return { context, what, changes: (known ? 0 : 1) + (await context.follow(tenant)) };
}

/** Suspends a tenant in every region: its requests get 403. */
export function suspend(name: string, options: WhereOptions): Promise<void> {
  return setState(name, options, "suspended");
}

/** Admits a suspended tenant again. */
export function resume(name: string, options: WhereOptions): Promise<void> {
  return setState(name, options, "active");
}

/** Removes a tenant: first its keys, then its members. Its row stays, so that its name is not given anew at once. */
export async function remove(name: string, options: WhereOptions): Promise<void> {
  const { context, what, changes } = await removeQuietly(name, options);
  await context.report(what, changes);
}

/** Removes a tenant, as `remove` does, and prints nothing. */
export async function removeQuietly(name: string, options: WhereOptions): Promise<Changed> {
  checkedName(name);
  const context = await TenantContext.open(options);
  const found = await context.table.tenant(name);
  if (found === undefined)
    throw new UserError(`${context.environment.name} has no tenant ${name}; \`list\` prints all`);
  const begun = found.state === "removing" || found.state === "removed";
  const tenant = begun ? found : await context.table.put(found, { name, state: "removing" }, "removed");
  let changes = (begun ? 0 : 1) + (await context.follow(tenant));
  for (const { id } of await context.table.members(name)) {
    await context.table.removeMember(id);
    changes++;
  }
  if (tenant.state === "removing") await context.table.put(tenant, { name, state: "removed", previous: undefined });
  return { context, what: `${name} is removed`, changes };
}

async function setState(name: string, options: WhereOptions, state: "active" | "suspended"): Promise<void> {
  const context = await TenantContext.open(options);
  const found = await context.tenant(name);
  const what = state === "suspended" ? "suspended" : "resumed";
  const differs = found.state !== state;
  const tenant = differs ? await context.table.put(found, { name, state }, what) : found;
  const changes = (differs ? 1 : 0) + (await context.follow(tenant));
  await context.report(`${name} is ${state}`, changes);
}

function refuseOther({ name, tier, state }: Tenant, wanted: string): void {
  if (state === "removing") throw new UserError(`the removal of ${name} is not finished; run \`remove ${name}\` again`);
  if (state === "suspended") throw new UserError(`${name} is a suspended tenant; run \`resume ${name}\``);
  if (tier !== wanted)
    throw new UserError(`${name} is a tenant of tier ${tier}; move it with \`tier ${name} ${wanted}\``);
}

/** Refuses a tenant that there is no room for, or whose name a token of another tenant may still say. */
async function refuseUnready(context: TenantContext, removed: Tenant | undefined): Promise<void> {
  if (removed !== undefined) {
    const lifetime = Date.parse(await context.tokensOver()) - Date.now();
    const free = new Date(Date.parse(removed.changedAt) + lifetime);
    if (free.getTime() > Date.now()) {
      throw new UserError(
        `tokens of the removed tenant ${removed.name} are valid until ${free.toISOString()}; add it after that, or choose another name`,
      );
    }
  }
  const secrets = await context.secrets.ensure();
  await context.keys.refuseTooMany(Math.max(...secrets.map(({ keys }) => keys.size)));
  const tenants = (await context.table.tenants()).filter(({ state }) => state !== "removed");
  refuseTooManyTenants(tenants.length + 1);
}
