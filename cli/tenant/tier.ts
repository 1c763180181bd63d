import { UserError } from "../../graph/user-error";
import { TenantContext } from "./context";
import type { WhereOptions } from "./environment";
import type { Tenant } from "./tenant-table";

/**
 * Moves a tenant to another tier, or goes on with a move. Both tiers have keys until no valid token says the old one, so
 * that every request has a plan at every moment.
 * @throws {UserError} when an earlier move to a third tier is not finished
 */
export async function tier(
  name: string,
  wanted: string,
  { wait, ...options }: WhereOptions & { readonly wait: boolean },
): Promise<void> {
  const context = await TenantContext.open(options);
  const found = await context.tenant(name);
  const target = context.tier(wanted);
  let tenant = await begin(context, found, target);
  let changes = (tenant === found ? 0 : 1) + (await context.follow(tenant));
  if (changes > 0 && tenant.previous !== undefined) await context.waitForKeys();
  const moved = await moveMembers(context, tenant);
  changes += moved;
  if (tenant.previous !== undefined && (tenant.previous.until === undefined || moved > 0)) {
    const previous = { ...tenant.previous, until: await context.tokensOver() };
    tenant = await context.table.put(tenant, { name, previous });
  }
  const until = tenant.previous?.until;
  if (until !== undefined && !wait && Date.parse(until) > Date.now()) {
    const after = `tokens that say ${tenant.previous!.tier} are valid until ${until}`;
    await context.report(`${name} moves to ${target}; ${after}; run the same command after that`, changes);
    return;
  }
  if (until !== undefined) {
    await context.waitUntil(`until no token says tier ${tenant.previous!.tier}`, until);
    tenant = await context.table.put(tenant, { name, previous: undefined });
    changes += 1 + (await context.follow(tenant));
  }
  await context.report(`${name} is a tenant of tier ${target}`, changes);
}

async function begin(context: TenantContext, tenant: Tenant, target: string): Promise<Tenant> {
  const { name, tier: current, previous } = tenant;
  if (current === target) return tenant;
  if (previous !== undefined && previous.tier !== target) {
    throw new UserError(
      `the move of ${name} from ${previous.tier} to ${current} is not finished; finish it with \`tier ${name} ${current}\` first`,
    );
  }
  return context.table.put(
    tenant,
    { name, tier: target, previous: { tier: current } },
    `moved from ${current} to ${target}`,
  );
}

/** Rewrites the rows of a tenant's members, so that new tokens say its tier. @returns how many had another */
async function moveMembers({ table }: TenantContext, { name, tier }: Tenant): Promise<number> {
  const behind = (await table.members(name)).filter((member) => member.tier !== tier);
  for (const member of behind) await table.putMember({ ...member, tier });
  return behind.length;
}
