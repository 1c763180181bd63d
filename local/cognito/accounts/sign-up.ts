import type { AppClient } from "../clients";
import { CognitoError, failures } from "../cognito-error";
import { type CodeDelivery, simulatedDelivery } from "../directory/codes";
import type { DirectoryUser } from "../directory/directory-user";
import { checkPassword } from "../directory/passwords";
import { triggerAttributes } from "../triggers";
import type { UserPools } from "../user-pools";
import { checkedAttributes } from "./attributes";

/** What a client wants triggers to know. */
export type ClientMetadata = Readonly<Record<string, string>> | undefined;

/** A person who signs up. */
export interface SigningUp {
  readonly client: AppClient;
  readonly username: string;
  readonly password: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly validationData?: Readonly<Record<string, string>>;
  readonly clientMetadata?: ClientMetadata;
}

/** A user of a client, by a name that may be anyone's. */
export interface NamedUser {
  readonly client: AppClient;
  readonly username: string;
  readonly clientMetadata?: ClientMetadata;
}

/**
 * Signs a person up, and sends the code that confirms it.
 * @throws {CognitoError} on a name that is taken, a password against the rules, and an attribute that may not be written
 */
export async function signUp(pools: UserPools, { client, username, password, attributes, ...more }: SigningUp) {
  const { pool } = client;
  const directory = pools.directory(pool.id);
  if (pool.settings.administratorsOnly) {
    throw new CognitoError("NotAuthorizedException", "SignUp is not permitted for this user pool");
  }
  checkPassword(password, pool.settings.passwords, "signUp");
  const checked = checkedAttributes(pool, client, attributes);
  refuseTaken(pools, client, username, checked);
  const draft = directory.draft(username, checked);
  const request = {
    userAttributes: triggerAttributes(draft),
    validationData: more.validationData ?? null,
    ...(more.clientMetadata && { clientMetadata: more.clientMetadata }),
  };
  const response = { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false };
  const call = { source: "PreSignUp_SignUp", client, username: draft.username, request, response };
  const decided = await pools.triggers.ask("preSignUp", call);
  refuseTaken(pools, client, username, checked);
  directory.add(draft); // not there before the trigger has agreed
  draft.setPassword(password);
  if (decided?.["autoVerifyEmail"] && draft.attributes["email"]) draft.attributes["email_verified"] = "true";
  if (decided?.["autoVerifyPhone"] && draft.attributes["phone_number"])
    draft.attributes["phone_number_verified"] = "true";
  if (decided?.["autoConfirmUser"] === true) {
    await confirm(pools, { client, user: draft, clientMetadata: more.clientMetadata });
    return { user: draft, delivery: undefined };
  }
  const source = "CustomMessage_SignUp";
  const delivery = await sendCode(pools, { client, user: draft, source, clientMetadata: more.clientMetadata });
  return { user: draft, delivery };
}

/** Confirms a sign-up by its code. @throws {CognitoError} */
export async function confirmSignUp(pools: UserPools, named: NamedUser & { readonly code: string }): Promise<void> {
  const { client, username, code, clientMetadata } = named;
  const user = pools.directory(client.pool.id).find(username);
  if (user === undefined) throw client.hidesUsers ? failures.expiredCode() : unknownName();
  if (user.status !== "UNCONFIRMED") {
    const text = `User cannot be confirmed. Current status is ${user.status}`;
    throw new CognitoError("NotAuthorizedException", text);
  }
  const { attribute } = pools.codes.take(user, "sign-up", code);
  user.attributes[`${attribute}_verified`] = "true";
  await confirm(pools, { client, user, clientMetadata });
}

/** Sends the code of a sign-up again. @throws {CognitoError} */
export async function resendCode(
  pools: UserPools,
  { client, username, clientMetadata }: NamedUser,
): Promise<CodeDelivery> {
  const user = pools.directory(client.pool.id).find(username);
  if (user === undefined && client.hidesUsers) return simulatedDelivery(username);
  if (user === undefined) throw unknownName();
  if (user.status !== "UNCONFIRMED") throw failures.parameter("User is already confirmed.");
  const delivery = await sendCode(pools, { client, user, source: "CustomMessage_ResendCode", clientMetadata });
  return delivery ?? raise(failures.parameter("Auto verification not turned on."));
}

/** Confirms a user, and tells the pool's trigger. @throws {CognitoError} when it fails: the user is confirmed then */
export async function confirm(
  pools: UserPools,
  {
    client,
    user,
    clientMetadata,
  }: { client: Pick<AppClient, "id" | "pool">; user: DirectoryUser; clientMetadata?: ClientMetadata },
): Promise<void> {
  user.status = "CONFIRMED";
  user.modifiedAt = pools.now();
  await pools.triggers.ask("postConfirmation", {
    source: "PostConfirmation_ConfirmSignUp",
    client,
    username: user.username,
    request: { userAttributes: triggerAttributes(user), ...(clientMetadata && { clientMetadata }) },
    response: {},
  });
}

/** The error for a name that no user has, of what has no password. */
export function unknownName(): CognitoError {
  return new CognitoError("UserNotFoundException", "Username/client id combination not found.");
}

/** Sends a code to the first attribute that the pool verifies; a phone number is preferred, as on AWS. */
async function sendCode(
  pools: UserPools,
  of: { client: AppClient; user: DirectoryUser; source: string; clientMetadata?: ClientMetadata },
): Promise<CodeDelivery | undefined> {
  const { autoVerified } = of.client.pool.settings;
  const attribute = ["phone_number", "email"].find(
    (name) => autoVerified.includes(name) && of.user.attributes[name] && !of.user.isVerified(name),
  );
  return attribute === undefined ? undefined : pools.codes.send({ ...of, purpose: "sign-up", attribute });
}

function refuseTaken(
  pools: UserPools,
  { pool }: AppClient,
  username: string,
  attributes: Readonly<Record<string, string>>,
): void {
  const directory = pools.directory(pool.id);
  const { usernameAttributes } = pool.settings;
  const own = usernameAttributes.find((name) => (name === "email") === username.includes("@"));
  if (directory.find(username)) {
    const text = own ? `An account with the given ${own} already exists.` : "User already exists";
    throw new CognitoError("UsernameExistsException", text);
  }
  for (const name of usernameAttributes) {
    if (attributes[name] && directory.find(attributes[name])) {
      throw new CognitoError("UsernameExistsException", `An account with the given ${name} already exists.`);
    }
  }
}

function raise(error: Error): never {
  throw error;
}
