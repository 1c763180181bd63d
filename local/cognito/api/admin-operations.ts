import { createUser, noClient, setPassword } from "../accounts/administration";
import { attributesOf, checkedAttributes, listed } from "../accounts/attributes";
import { filterOf, pageOf } from "../accounts/listing";
import { refuseTakenNames } from "../accounts/own-account";
import { sendRecovery } from "../accounts/recovery";
import { confirm } from "../accounts/sign-up";
import { CognitoError } from "../cognito-error";
import type { Directory } from "../directory/directory";
import type { DirectoryUser } from "../directory/directory-user";
import type { UserGroup } from "../groups";
import type { UserPools } from "../user-pools";
import { type Body, optionalText, text, textMap } from "./input";
import { factorsOf } from "./own-account-operations";
import type { Operation } from "./public-operations";

/** A user pool that an administrator manages. */
interface Managed {
  readonly pools: UserPools;
  readonly directory: Directory;
}

/** Operations of administrators on the users and groups of a pool: they are signed, and policies decide on them. */
export const adminOperations: Readonly<Record<string, Operation<Managed>>> = {
  async AdminCreateUser({ pools, directory }, body) {
    const user = await createUser(pools, directory, {
      username: text(body, "Username", 128),
      attributes: attributesOf(body["UserAttributes"]),
      temporaryPassword: optionalText(body, "TemporaryPassword"),
      messageAction: optionalText(body, "MessageAction"),
      clientMetadata: textMap(body, "ClientMetadata"),
    });
    const { UserAttributes: Attributes, ...others } = viewOf(user);
    return { User: { ...others, Attributes } };
  },
  AdminGetUser: (of, body) => viewOf(userOf(of, body)),
  async AdminConfirmSignUp(of, body) {
    const user = userOf(of, body);
    if (user.status !== "UNCONFIRMED") {
      const reason = `User cannot be confirmed. Current status is ${user.status}`;
      throw new CognitoError("NotAuthorizedException", reason);
    }
    await confirm(of.pools, {
      client: noClient(of.directory.pool),
      user,
      clientMetadata: textMap(body, "ClientMetadata"),
    });
    return {};
  },
  AdminSetUserPassword(of, body) {
    setPassword(of.pools, of.directory, userOf(of, body), text(body, "Password", 256), body["Permanent"] === true);
    return {};
  },
  async AdminResetUserPassword(of, body) {
    const user = userOf(of, body);
    const client = noClient(of.directory.pool);
    await sendRecovery(of.pools, { client, user, clientMetadata: textMap(body, "ClientMetadata") });
    user.status = "RESET_REQUIRED";
    return {};
  },
  AdminUpdateUserAttributes(of, body) {
    const user = userOf(of, body);
    const attributes = checkedAttributes(of.directory.pool, undefined, attributesOf(body["UserAttributes"]));
    refuseTakenNames(of.directory, user, attributes);
    Object.assign(user.attributes, attributes);
    user.modifiedAt = of.pools.now();
    return {};
  },
  AdminEnableUser: (of, body) => enable(userOf(of, body), true),
  AdminDisableUser(of, body) {
    const user = userOf(of, body);
    of.pools.refreshTokens.revokeUser(user.sub);
    return enable(user, false);
  },
  AdminUserGlobalSignOut(of, body) {
    of.pools.refreshTokens.revokeUser(userOf(of, body).sub);
    return {};
  },
  AdminDeleteUser(of, body) {
    const user = userOf(of, body);
    of.pools.refreshTokens.revokeUser(user.sub);
    of.directory.delete(user);
    return {};
  },
  AdminAddUserToGroup(of, body) {
    const { name } = of.directory.group(text(body, "GroupName", 128));
    userOf(of, body).memberOf.add(name);
    return {};
  },
  AdminRemoveUserFromGroup(of, body) {
    const { name } = of.directory.group(text(body, "GroupName", 128));
    userOf(of, body).memberOf.delete(name);
    return {};
  },
  AdminListGroupsForUser: (of, body) => ({ Groups: userOf(of, body).groups.map((each) => groupView(of, each)) }),
  ListUsers({ directory }, body) {
    const found = directory.all().filter(filterOf(body["Filter"]));
    return usersPage(found, body, "PaginationToken");
  },
  ListUsersInGroup({ directory }, body) {
    const { name } = directory.group(text(body, "GroupName", 128));
    return usersPage(
      directory.all().filter(({ memberOf }) => memberOf.has(name)),
      body,
      "NextToken",
    );
  },
  ListGroups(of, body) {
    const { page, next } = pageOf(of.directory.groups(), body["Limit"], body["NextToken"]);
    return { Groups: page.map((each) => groupView(of, each)), ...(next && { NextToken: next }) };
  },
  GetGroup: (of, body) => ({ Group: groupView(of, of.directory.group(text(body, "GroupName", 128))) }),
  CreateGroup(of, body) {
    const group = {
      name: text(body, "GroupName", 128),
      precedence: body["Precedence"],
      roleArn: optionalText(body, "RoleArn"),
      members: [],
    };
    of.directory.addGroup(group);
    return { Group: groupView(of, group) };
  },
};

function userOf({ directory }: Managed, body: Body): DirectoryUser {
  return directory.get(text(body, "Username", 128));
}

function enable(user: DirectoryUser, enabled: boolean): object {
  user.enabled = enabled;
  return {};
}

function usersPage(found: readonly DirectoryUser[], body: Body, token: "PaginationToken" | "NextToken"): object {
  const { page, next } = pageOf(found, body["Limit"], body[token]);
  const wanted: string[] | undefined = body["AttributesToGet"];
  const Users = page.map((user) => {
    const { UserAttributes, ...others } = viewOf(user);
    return { ...others, Attributes: UserAttributes.filter(({ Name }) => wanted?.includes(Name) ?? true) };
  });
  return { Users, ...(next && { [token]: next }) };
}

function viewOf(user: DirectoryUser) {
  return {
    Username: user.username,
    UserAttributes: listed(user),
    UserCreateDate: user.createdAt / 1_000,
    UserLastModifiedDate: user.modifiedAt / 1_000,
    Enabled: user.enabled,
    UserStatus: user.status,
    ...factorsOf(user),
  };
}

function groupView({ directory: { pool } }: Managed, { name, precedence, roleArn }: UserGroup): object {
  return {
    GroupName: name,
    UserPoolId: pool.id,
    ...(precedence !== undefined && { Precedence: precedence }),
    ...(roleArn && { RoleArn: roleArn }),
  };
}
