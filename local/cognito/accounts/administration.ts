import type { UserPool } from "../clients";
import { CognitoError, failures } from "../cognito-error";
import type { Directory } from "../directory/directory";
import type { DirectoryUser } from "../directory/directory-user";
import { checkPassword, newTemporaryPassword } from "../directory/passwords";
import { triggerAttributes } from "../triggers";
import type { UserPools } from "../user-pools";
import { checkedAttributes } from "./attributes";
import type { ClientMetadata } from "./sign-up";

/** A user whom an administrator makes. */
export interface CreatedByAdministrator {
  readonly username: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** @default one that meets the rules */
  readonly temporaryPassword?: string | undefined;
  /** `SUPPRESS` sends nothing, `RESEND` sends the invitation of a user who is there again. */
  readonly messageAction?: string | undefined;
  readonly clientMetadata?: ClientMetadata;
}

const days = 86_400_000;

/** What triggers are told in the place of a client. */
export function noClient(pool: UserPool) {
  return { id: "CLIENT_ID_NOT_APPLICABLE", pool };
}

/** Makes a user with a temporary password, and sends it. @throws {CognitoError} */
export async function createUser(
  pools: UserPools,
  directory: Directory,
  creating: CreatedByAdministrator,
): Promise<DirectoryUser> {
  const { pool } = directory;
  const { username, messageAction, temporaryPassword } = creating;
  const existing = directory.find(username);
  if (messageAction === "RESEND") return resend(pools, directory, existing ?? raise(failures.noUser()), creating);
  if (existing) throw new CognitoError("UsernameExistsException", "User account already exists");
  if (temporaryPassword !== undefined) checkPassword(temporaryPassword, pool.settings.passwords, "administrator");
  const user = directory.draft(username, checkedAttributes(pool, undefined, creating.attributes));
  await pools.triggers.ask("preSignUp", {
    source: "PreSignUp_AdminCreateUser",
    client: noClient(pool),
    username: user.username,
    request: { userAttributes: triggerAttributes(user), validationData: null, ...metadataOf(creating) },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
  });
  directory.add(user);
  user.status = "FORCE_CHANGE_PASSWORD";
  await invite(pools, directory, user, creating);
  return user;
}

/** Sets a password. @param permanent  whether the user may keep it @throws {CognitoError} */
export function setPassword(
  pools: UserPools,
  directory: Directory,
  user: DirectoryUser,
  password: string,
  permanent: boolean,
): void {
  checkPassword(password, directory.pool.settings.passwords, "administrator");
  user.setPassword(password);
  if (!permanent) user.temporaryUntil = pools.now() + directory.pool.settings.temporaryPasswordDays * days;
  user.status = permanent ? "CONFIRMED" : "FORCE_CHANGE_PASSWORD";
  user.modifiedAt = pools.now();
}

async function resend(pools: UserPools, directory: Directory, user: DirectoryUser, creating: CreatedByAdministrator) {
  if (user.status !== "FORCE_CHANGE_PASSWORD") {
    const text = `Resend not possible. ${user.username} status is not FORCE_CHANGE_PASSWORD`;
    throw new CognitoError("UnsupportedUserStateException", text);
  }
  await invite(pools, directory, user, creating);
  return user;
}

async function invite(
  pools: UserPools,
  { pool }: Directory,
  user: DirectoryUser,
  { temporaryPassword, messageAction, clientMetadata }: CreatedByAdministrator,
): Promise<void> {
  const password = temporaryPassword ?? newTemporaryPassword(pool.settings.passwords);
  user.setPassword(password);
  user.temporaryUntil = pools.now() + pool.settings.temporaryPasswordDays * days;
  if (messageAction === "SUPPRESS") return;
  const attribute = ["email", "phone_number"].find((each) => user.attributes[each] !== undefined);
  if (attribute === undefined) return;
  await pools.codes.invite({ client: noClient(pool), user, attribute, clientMetadata }, password);
}

function metadataOf({ clientMetadata }: CreatedByAdministrator) {
  return clientMetadata === undefined ? {} : { clientMetadata };
}

function raise(error: Error): never {
  throw error;
}
