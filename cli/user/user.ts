import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  ListUsersCommand,
  ListUsersInGroupCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { UserError } from "../../graph/user-error";
import { print } from "../print";
import type { Where } from "../where";
import { UserPool } from "./user-pool";

/** Options of `user add`. */
export interface AddOptions extends Where {
  readonly password?: string;
  readonly group?: readonly string[];
}

/** Options of `user list`. */
export interface ListOptions extends Where {
  readonly group?: string;
  readonly json?: boolean;
}

/** Options of `user group`. */
export interface GroupOptions extends Where {
  readonly remove?: boolean;
}

/** Options of `user disable`. */
export interface DisableOptions extends Where {
  readonly undo?: boolean;
}

/** A line of `user list`. */
interface ListedUser {
  readonly name: string;
  readonly sub: string;
  readonly state: string;
  readonly groups: readonly string[];
}

/**
 * Makes a user whose address counts as verified, and puts the user into groups.
 * @throws {UserError} when the user is there already, or the pool refuses the name, the password or a group
 */
export async function add(name: string, { password, group: groups = [], ...where }: AddOptions): Promise<void> {
  if (password !== undefined && where.stack !== undefined && where.endpoint === undefined) {
    throw new UserError("--password must not be given on AWS, where it would be in the shell's history; leave it out");
  }
  const pool = await UserPool.open(where);
  const of = { UserPoolId: pool.id, Username: name };
  const UserAttributes = name.includes("@") ? [{ Name: "email_verified", Value: "true" }] : [];
  const MessageAction = password === undefined ? undefined : ("SUPPRESS" as const);
  const making = pool.send(
    new AdminCreateUserCommand({ ...of, UserAttributes, MessageAction }),
    "UsernameExistsException",
  );
  await making.catch((error: Error) => {
    if (error instanceof UserError) throw error;
    throw new UserError(`the user pool has a user "${name}" already; \`user group\` changes the groups`);
  });
  if (password !== undefined) {
    const setting = pool.send(new AdminSetUserPasswordCommand({ ...of, Password: password, Permanent: true }));
    await setting.catch(async (error) => {
      await pool.send(new AdminDeleteUserCommand(of)); // so that the same command can be run again
      throw error;
    });
  }
  for (const each of groups) await join(pool, name, each);
  const sent = pool.mailbox === undefined ? "was sent" : `is in the mailbox: ${pool.mailbox}`;
  await print(`${name} is a user${password === undefined ? `; the temporary password ${sent}` : ""}`);
}

/** Prints the users of the pool. @throws {UserError} when a group is not there */
export async function list({ group, json, ...where }: ListOptions): Promise<void> {
  const pool = await UserPool.open(where);
  const users: ListedUser[] = [];
  for await (const each of usersOf(pool, group)) users.push(await listed(pool, each));
  if (json) return print(JSON.stringify(users, null, 2));
  if (users.length === 0) return print("no users");
  const widest = Math.max(...users.map(({ name }) => name.length));
  for (const { name, state, groups } of users) {
    await print(`${name.padEnd(widest)}  ${state}${groups.length > 0 ? `  ${groups.join(", ")}` : ""}`);
  }
}

/** Puts a user into a group, or takes the user out of it, in each pool. @throws {UserError} when either is not there */
export async function group(name: string, to: string, { remove: leaves, ...where }: GroupOptions): Promise<void> {
  const pool = await UserPool.open(where);
  const Command = leaves ? AdminRemoveUserFromGroupCommand : AdminAddUserToGroupCommand;
  await inEach(pool, name, (each) => inGroup(each, name, to, Command));
  await print(`${name} is ${leaves ? "not " : ""}in ${to}`);
}

/** Removes a user from each pool. @throws {UserError} when there is none */
export async function remove(name: string, where: Where): Promise<void> {
  const pool = await UserPool.open(where);
  await inEach(pool, name, async (each) => {
    const of = { UserPoolId: each.id, Username: name };
    await ofUser(each, name, new AdminUserGlobalSignOutCommand(of));
    await ofUser(each, name, new AdminDeleteUserCommand(of));
  });
  await print(`${name} is removed`);
}

/** Keeps a user from signing in at each pool, or lets the user in again. @throws {UserError} when there is none */
export async function disable(name: string, { undo, ...where }: DisableOptions): Promise<void> {
  const pool = await UserPool.open(where);
  await inEach(pool, name, async (each) => {
    const of = { UserPoolId: each.id, Username: name };
    if (undo) return ofUser(each, name, new AdminEnableUserCommand(of));
    await ofUser(each, name, new AdminDisableUserCommand(of));
    await ofUser(each, name, new AdminUserGlobalSignOutCommand(of));
  });
  await print(`${name} may ${undo ? "" : "not "}sign in`);
}

/** Sends a command about a user. @throws {UserError} when there is none */
async function ofUser(pool: UserPool, name: string, command: object): Promise<void> {
  await pool.send(command, "UserNotFoundException").catch((error: Error) => {
    throw error instanceof UserError ? error : noUser(name);
  });
}

/**
 * Does something in each pool that has a user; with a pool in each region a person may be in one only, and a region that
 * is gone does not keep the other from it.
 * @throws {UserError} when no pool has the user, or one failed
 */
async function inEach(pool: UserPool, name: string, act: (pool: UserPool) => Promise<void>): Promise<void> {
  const missing = noUser(name);
  const ends = await Promise.allSettled(pool.all.map(act));
  const errors = ends.flatMap((end) => (end.status === "rejected" ? [end.reason as Error] : []));
  const failed = errors.find(({ message }) => message !== missing.message);
  if (failed !== undefined) throw failed;
  if (errors.length === ends.length) throw missing;
}

function join(pool: UserPool, name: string, to: string): Promise<void> {
  return inGroup(pool, name, to, AdminAddUserToGroupCommand);
}

async function inGroup(
  pool: UserPool,
  name: string,
  to: string,
  Command: typeof AdminAddUserToGroupCommand | typeof AdminRemoveUserFromGroupCommand,
): Promise<void> {
  const command = new Command({ UserPoolId: pool.id, Username: name, GroupName: to });
  await pool.send(command, "UserNotFoundException", "ResourceNotFoundException").catch((error: Error) => {
    if (error instanceof UserError) throw error;
    if (error.name === "UserNotFoundException") throw noUser(name);
    throw new UserError(`the user pool has no group "${to}"; add it to the configuration and deploy, or name another`);
  });
}

/** Reads page after page. */
async function* usersOf(pool: UserPool, group: string | undefined): AsyncGenerator<any> {
  let token: string | undefined;
  do {
    const of = { UserPoolId: pool.id, Limit: 60 };
    const command =
      group === undefined
        ? new ListUsersCommand({ ...of, PaginationToken: token })
        : new ListUsersInGroupCommand({ ...of, GroupName: group, NextToken: token });
    const page = await pool.send(command, "ResourceNotFoundException").catch((error: Error) => {
      throw error instanceof UserError ? error : new UserError(`the user pool has no group "${group}"; name another`);
    });
    yield* page.Users ?? [];
    token = page.PaginationToken ?? page.NextToken;
  } while (token !== undefined);
}

async function listed(pool: UserPool, user: any): Promise<ListedUser> {
  const of = { UserPoolId: pool.id, Username: user.Username };
  const { Groups: groups = [] } = await pool.send(new AdminListGroupsForUserCommand(of));
  const attributes = new Map<string, string>(user.Attributes.map(({ Name, Value }: any) => [Name, Value]));
  return {
    name: attributes.get("email") ?? user.Username,
    sub: attributes.get("sub")!,
    state: user.Enabled ? user.UserStatus : `${user.UserStatus}, disabled`,
    groups: groups.map(({ GroupName }: any) => GroupName),
  };
}

function noUser(name: string): UserError {
  return new UserError(`the user pool has no user "${name}"; \`user list\` prints all, \`user add\` makes one`);
}
