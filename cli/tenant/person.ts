import { AdminGetUserCommand, ListUsersCommand } from "@aws-sdk/client-cognito-identity-provider";
import { subjectOf } from "../../apps/identity-triggers/subject";
import { UserError } from "../../graph/user-error";
import type { TenantContext } from "./context";

/** What is asked, and where. */
type Asked = Pick<TenantContext, "aws" | "environment">;

/** A user as Cognito tells of one. */
interface Found {
  readonly username: string;
  readonly status: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Returns the id that the tokens of a user name, and the table of members has: `sub`; with a pool in each region, what
 * `subjectOf` says.
 * @param name  an address, a user name such as `Company_42`, or `sub`
 * @throws {UserError} when no user or more than one has it, or it is an address that the user has not verified
 */
export async function personId(context: Asked, name: string): Promise<string> {
  const { username, status, attributes } = await findUser(context, name);
  if (!context.environment.poolInEach) return attributes["sub"]!;
  return subjectOf({
    userName: username,
    request: { userAttributes: { ...attributes, "cognito:user_status": status } },
  })!;
}

async function findUser(context: Asked, name: string): Promise<Found> {
  const named = await userNamed(context, name);
  // A user name of an external provider may have an @ in it.
  const isAddress = name.includes("@") && named?.username !== name;
  const external = isAddress ? await externalUsers(context, name) : [];
  const all = [...(named === undefined ? [] : [named]), ...external];
  const [user, ...others] = all;
  if (user === undefined) throw new UserError(`the user pool has no user "${name}"; the user must sign up first`);
  if (others.length > 0) {
    const names = all.map(({ username }) => username).join(", ");
    throw new UserError(`the address ${name} must be of one user, got ${names}; name one of these with --user`);
  }
  if (isAddress) refuseUnverified(name, user);
  return user;
}

/** Any person may have signed up with an address that is not theirs, and a provider may say any. */
function refuseUnverified(address: string, { username, status, attributes }: Found): void {
  if (attributes["email_verified"] === "true") return;
  throw new UserError(
    isOfProvider(status)
      ? `the address ${address} must be verified, got one that the provider of ${username} gave alone; name the user with --user ${username}`
      : `the address ${address} must be verified, got a user who has not; ask them to confirm it`,
  );
}

/** Finds a user by what the pool takes as a name, which the address of an external provider is not. */
async function userNamed({ aws, environment }: Asked, name: string): Promise<Found | undefined> {
  const command = new AdminGetUserCommand({ UserPoolId: environment.userPoolId, Username: name });
  const user = await aws.users(command).catch((error: Error) => {
    if (error.name !== "UserNotFoundException") throw error;
  });
  return user && { username: user.Username, status: user.UserStatus, attributes: attributesOf(user.UserAttributes) };
}

async function externalUsers({ aws, environment }: Asked, address: string): Promise<readonly Found[]> {
  const Filter = `email = "${address.replace(/["\\]/g, "\\$&")}"`;
  const { Users = [] } = await aws.users(new ListUsersCommand({ UserPoolId: environment.userPoolId, Filter }));
  return Users.filter(({ UserStatus }: any) => isOfProvider(UserStatus)).map((user: any) => ({
    username: user.Username,
    status: user.UserStatus,
    attributes: attributesOf(user.Attributes),
  }));
}

function isOfProvider(status: string): boolean {
  return status === "EXTERNAL_PROVIDER";
}

function attributesOf(list: readonly { Name: string; Value: string }[]): Record<string, string> {
  return Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
}
