import { decodeJwt } from "jose";
import type { AppClient } from "../clients";
import { CognitoError, failures } from "../cognito-error";
import type { CodeDelivery } from "../directory/codes";
import type { Directory } from "../directory/directory";
import type { DirectoryUser } from "../directory/directory-user";
import { checkPassword } from "../directory/passwords";
import type { UserPools } from "../user-pools";
import { checkedAttributes } from "./attributes";
import type { ClientMetadata } from "./sign-up";

/** The user of an access token, and the client that it was given to. */
export interface Holder {
  readonly user: DirectoryUser;
  readonly client: AppClient;
}

/** Scope of an access token with which users manage their own account. */
export const ownAccountScope = "aws.cognito.signin.user.admin";

/** Returns whose an access token is. @throws {CognitoError} NotAuthorizedException when it may not manage an account */
export async function holderOf(pools: UserPools, token: string): Promise<Holder> {
  const refuse = (text: string) => new CognitoError("NotAuthorizedException", text);
  const claims = await pools.signer.verifyAccessToken(token, pools.pools);
  if (claims === undefined) {
    throw refuse(isExpired(token, pools.now()) ? "Access Token has expired" : "Invalid Access Token");
  }
  if (pools.refreshTokens.isRevoked(claims["origin_jti"])) throw refuse("Access Token has been revoked");
  const holder = pools.holderOf(claims);
  if (holder === undefined) throw failures.noUser();
  if (!holder.user.enabled) throw failures.disabled();
  if (!String(claims["scope"]).split(" ").includes(ownAccountScope)) {
    throw refuse("Access Token does not have required scopes");
  }
  return holder;
}

/** Changes attributes of the user's own. @returns where codes were sent @throws {CognitoError} */
export async function updateAttributes(
  pools: UserPools,
  { user, client }: Holder,
  attributes: Readonly<Record<string, string>>,
  clientMetadata: ClientMetadata,
): Promise<readonly CodeDelivery[]> {
  const { pool } = client;
  const checked = checkedAttributes(pool, client, attributes);
  refuseTakenNames(pools.directory(pool.id), user, checked);
  const { autoVerified, verifiedBeforeUpdate } = pool.settings;
  const deliveries: CodeDelivery[] = [];
  for (const [name, value] of Object.entries(checked)) {
    const changed = user.attributes[name] !== value;
    const keepsOld = changed && verifiedBeforeUpdate.includes(name);
    if (!keepsOld) user.attributes[name] = value;
    if (!changed || !["email", "phone_number"].includes(name)) continue;
    if (!keepsOld) user.attributes[`${name}_verified`] = "false";
    if (keepsOld || autoVerified.includes(name)) {
      const newValue = keepsOld ? value : undefined;
      deliveries.push(await sendVerification(pools, { user, client }, { name, newValue, clientMetadata }));
    }
  }
  user.modifiedAt = pools.now();
  return deliveries;
}

/** @throws {CognitoError} when another user signs in by one of the values */
export function refuseTakenNames(
  directory: Directory,
  user: DirectoryUser,
  attributes: Readonly<Record<string, string>>,
): void {
  const { usernameAttributes, aliasAttributes } = directory.pool.settings;
  for (const name of [...usernameAttributes, ...aliasAttributes].filter((each) => attributes[each] !== undefined)) {
    const other = directory.find(attributes[name]!);
    if (other === undefined || other === user) continue;
    throw new CognitoError("AliasExistsException", `An account with the given ${name} already exists.`);
  }
}

/** Sends the code that verifies an attribute. @throws {CognitoError} */
export function sendVerification(
  pools: UserPools,
  { user, client }: Holder,
  {
    name,
    newValue,
    ...more
  }: { name: string; newValue?: string | undefined; clientMetadata?: ClientMetadata; asked?: true },
): Promise<CodeDelivery> {
  const pending = newValue ?? user.codes.get(`verify ${name}`)?.newValue;
  if (user.attributes[name] === undefined && pending === undefined) {
    throw failures.parameter(`User does not have a registered ${name} attribute`);
  }
  return pools.codes.send({
    ...{ user, client, purpose: `verify ${name}`, attribute: name, newValue: pending },
    source: more.asked ? "CustomMessage_VerifyUserAttribute" : "CustomMessage_UpdateUserAttribute",
    clientMetadata: more.clientMetadata,
  });
}

/** Verifies an attribute by its code, which then has the value that waited for it. @throws {CognitoError} */
export function verifyAttribute(pools: UserPools, user: DirectoryUser, name: string, code: string): void {
  const { newValue } = pools.codes.take(user, `verify ${name}`, code);
  if (newValue !== undefined) user.attributes[name] = newValue;
  user.attributes[`${name}_verified`] = "true";
  user.modifiedAt = pools.now();
}

/** Replaces the password by one who knows it. @throws {CognitoError} */
export function changePassword(pools: UserPools, { user, client }: Holder, previous: string, proposed: string): void {
  const now = pools.now();
  user.lockOut.admit(now);
  if (!user.hasPassword(previous)) {
    user.lockOut.failed(now);
    throw failures.wrongPassword();
  }
  checkPassword(proposed, client.pool.settings.passwords, "change");
  user.setPassword(proposed);
  user.modifiedAt = now;
}

function isExpired(token: string, now: number): boolean {
  try {
    return (decodeJwt(token).exp ?? 0) * 1_000 <= now;
  } catch {
    return false;
  }
}
