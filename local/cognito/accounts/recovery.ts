import { CognitoError, failures } from "../cognito-error";
import { type CodeDelivery, type CodeRequest, simulatedDelivery } from "../directory/codes";
import { checkPassword } from "../directory/passwords";
import { triggerAttributes } from "../triggers";
import type { UserPools } from "../user-pools";
import { type NamedUser, unknownName } from "./sign-up";

/** Sends a code with which a password can be replaced. @throws {CognitoError} */
export async function forgotPassword(
  pools: UserPools,
  { client, username, ...more }: NamedUser,
): Promise<CodeDelivery> {
  const user = pools.directory(client.pool.id).find(username);
  if (user === undefined && client.hidesUsers) return simulatedDelivery(username);
  if (user === undefined) throw unknownName();
  return sendRecovery(pools, { client, user, ...more });
}

/** Sends the code of a recovery to the first address or number that the pool recovers by. @throws {CognitoError} */
export function sendRecovery(
  pools: UserPools,
  { client, user, clientMetadata }: Pick<CodeRequest, "client" | "user" | "clientMetadata">,
): Promise<CodeDelivery> {
  if (!user.enabled) throw failures.disabled();
  if (user.status === "FORCE_CHANGE_PASSWORD" || user.status === "EXTERNAL_PROVIDER") {
    throw new CognitoError("NotAuthorizedException", "User password cannot be reset in the current state.");
  }
  const attributes = client.pool.settings.recovery.map((each) => each.replace("verified_", ""));
  const attribute = attributes.find((each) => user.isVerified(each));
  if (attribute === undefined) {
    const text = "Cannot reset password for the user as there is no registered/verified email or phone_number";
    throw failures.parameter(text);
  }
  const source = "CustomMessage_ForgotPassword";
  return pools.codes.send({ client, user, purpose: "recovery", source, attribute, clientMetadata });
}

/** Replaces a password by the code that was sent. @throws {CognitoError} */
export async function confirmForgotPassword(
  pools: UserPools,
  {
    client,
    username,
    clientMetadata,
    code,
    password,
  }: NamedUser & { readonly code: string; readonly password: string },
): Promise<void> {
  checkPassword(password, client.pool.settings.passwords, "change");
  const user = pools.directory(client.pool.id).find(username);
  if (user === undefined) throw client.hidesUsers ? failures.expiredCode() : unknownName();
  if (!user.enabled) throw failures.disabled();
  pools.codes.take(user, "recovery", code);
  user.setPassword(password);
  if (user.status !== "UNCONFIRMED") user.status = "CONFIRMED";
  user.modifiedAt = pools.now();
  user.lockOut.succeeded();
  await pools.triggers.ask("postConfirmation", {
    source: "PostConfirmation_ConfirmForgotPassword",
    client,
    username: user.username,
    request: { userAttributes: triggerAttributes(user), ...(clientMetadata && { clientMetadata }) },
    response: {},
  });
}
