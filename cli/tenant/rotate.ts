import { UserError } from "../../graph/user-error";
import { note } from "../print";
import { TenantContext } from "./context";
import type { WhereOptions } from "./environment";
import { refuseTooManyTenants } from "./tenant-keys";
import { newKey, versionsOf } from "./tenant-secrets";
import { ALL_TENANTS, type Tenant } from "./tenant-table";

/**
 * Replaces the secret and every API key, or goes on with a rotation. Each tenant has two keys meanwhile, so that no request
 * fails. Steps: a second version in every region; keys from it; it becomes the current one; keys of the first version go;
 * that version goes. Each step is done in every region before the next.
 * @throws {UserError} when there are too many tenants to have two keys each
 */
export async function rotate(options: WhereOptions): Promise<void> {
  const context = await TenantContext.open(options);
  const tenants = await tenantsOf(context);
  refuseTooManyTenants(tenants.length);
  const newer = await addVersion(context, tenants.length);
  await note(`makes keys of version ${newer}`);
  const made = await followAll(context);
  if (made > 0) await context.waitForKeys();
  // Of tenants that were added since.
  await followAll(context);
  await setCurrent(context, newer);
  await context.waitForSecret();
  await note("removes keys of the older version");
  await followAll(context, [newer]);
  await dropOthers(context, newer);
  await context.table.log(ALL_TENANTS, `rotated to version ${newer} of the secret`);
  await context.report(`${tenants.length} tenants have keys of version ${newer} of the secret`, 1);
}

/** Makes the keys of all tenants follow their rows, as after a new region or a plan that was replaced. */
export async function sync(options: WhereOptions): Promise<void> {
  const context = await TenantContext.open(options);
  const tenants = await tenantsOf(context);
  await context.report(`${tenants.length} tenants have their keys`, await context.follow(...tenants));
}

async function tenantsOf({ table }: TenantContext): Promise<Tenant[]> {
  return (await table.tenants()).filter(({ state }) => state !== "removed");
}

async function followAll(context: TenantContext, versions?: readonly string[]): Promise<number> {
  return context.keys.follow(await tenantsOf(context), await context.secrets.ensure(), versions);
}

/** Gives every region a second version of the secret, the one that a rotation before has begun with if there is one. */
async function addVersion(context: TenantContext, tenants: number): Promise<string> {
  const secrets = await context.secrets.ensure();
  const versions = versionsOf(secrets);
  const [older, newer] = versions;
  if (versions.length === 2 && newer !== undefined) {
    await note(`goes on with the rotation to version ${newer}`);
    const key = secrets.find(({ keys }) => keys.has(newer))!.keys.get(newer)!;
    for (const [i, { current, keys }] of secrets.entries()) {
      if (keys.has(newer)) continue;
      await context.secrets.write(context.environment.regions[i]!, { current, keys: new Map([...keys, [newer, key]]) });
    }
    return newer;
  }
  if (versions.length > 2 || !/^\d+$/.test(older!)) {
    throw new UserError(
      `the secret's versions must be one number, or two during a rotation, got ${versions.join(", ")}; correct them by hand`,
    );
  }
  await context.keys.refuseTooMany(tenants);
  await context.table.log(ALL_TENANTS, `began to rotate to version ${Number(older) + 1} of the secret`);
  const added = [String(Number(older) + 1), newKey()] as const;
  for (const [i, { current, keys }] of secrets.entries()) {
    await context.secrets.write(context.environment.regions[i]!, { current, keys: new Map([...keys, added]) });
  }
  return added[0];
}

async function setCurrent(context: TenantContext, current: string): Promise<void> {
  for (const [i, secret] of (await context.secrets.ensure()).entries()) {
    if (secret.current === current) continue;
    await context.secrets.write(context.environment.regions[i]!, { current, keys: secret.keys });
  }
}

async function dropOthers(context: TenantContext, current: string): Promise<void> {
  for (const [i, secret] of (await context.secrets.ensure()).entries()) {
    if (secret.keys.size === 1) continue;
    const keys = new Map([[current, secret.keys.get(current)!]]);
    await context.secrets.write(context.environment.regions[i]!, { current, keys });
  }
}
