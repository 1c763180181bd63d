import { DescribeUserPoolClientCommand } from "@aws-sdk/client-cognito-identity-provider";
import { UserError } from "../../graph/user-error";
import { TenantContext } from "./context";
import type { WhereOptions } from "./environment";
import { personId } from "./person";

/** Options of `tenant member`: one of `user` and `client`. */
export interface MemberOptions extends WhereOptions {
  readonly user?: string;
  readonly client?: string;
  readonly remove?: boolean;
}

/**
 * Puts a user or a machine client into a tenant, or takes it out. Tokens that are issued after that say so.
 * @throws {UserError} when the pool does not have it, its address is not verified or of several users, or it belongs to
 * another tenant
 */
export async function member(name: string, { user, client, remove, ...options }: MemberOptions): Promise<void> {
  const context = await TenantContext.open(options);
  const { table } = context;
  const label = user ?? client!;
  const id = user === undefined ? await clientId(context, client!) : await personId(context, user);
  if (remove) {
    await context.tenant(name);
    const found = await memberOf(context, { name, id, label });
    if (found !== undefined) {
      await table.removeMember(id);
      await table.log(name, `member ${id} removed`);
    }
    return context.report(`${label} is no member of ${name}`, found === undefined ? 0 : 1);
  }
  await context.report(`${label} is a member of ${name}`, await add(context, { name, id, label }));
}

/**
 * Puts a user into a tenant, as `member` does, and prints nothing.
 * @throws {UserError} as `member` does
 */
export async function addUser(name: string, user: string, options: WhereOptions): Promise<void> {
  const context = await TenantContext.open(options);
  await add(context, { name, id: await personId(context, user), label: user });
}

/** One user or client and the tenant that it is put into; `label` is what it was called in the command. */
interface Joining {
  readonly name: string;
  readonly id: string;
  readonly label: string;
}

/** @returns the number of changes */
async function add(context: TenantContext, joining: Joining): Promise<number> {
  const { table } = context;
  const { name, id } = joining;
  const tenant = await context.tenant(name);
  const found = await memberOf(context, joining);
  if (found?.tier === tenant.tier) return 0;
  await table.putMember({ id, tenant: name, tier: tenant.tier });
  await table.log(name, `member ${id} added`);
  // A move of the tenant that began meanwhile has listed the members without this one.
  const { tier } = await context.tenant(name);
  if (tier !== tenant.tier) await table.putMember({ id, tenant: name, tier });
  return 1;
}

/** Returns the row of a member of the tenant; undefined without one. @throws {UserError} when another tenant has it */
async function memberOf({ table }: TenantContext, { name, id, label }: Joining) {
  const found = await table.member(id);
  if (found === undefined || found.tenant === name) return found;
  throw new UserError(`${label} is a member of ${found.tenant}; remove it there first, with \`member ... --remove\``);
}

async function clientId({ aws, environment }: TenantContext, id: string): Promise<string> {
  const command = new DescribeUserPoolClientCommand({ UserPoolId: environment.userPoolId, ClientId: id });
  const { UserPoolClient: client } = await aws.users(command).catch((error: Error) => {
    if (error.name !== "ResourceNotFoundException") throw error;
    throw new UserError(`the user pool has no client "${id}"; name one`);
  });
  if (!client.AllowedOAuthFlows?.includes("client_credentials")) {
    throw new UserError(
      `a client must have client credentials to be a member, got ${id} without; name a machine client`,
    );
  }
  return id;
}
