import type { AppClient } from "../clients";
import type { DirectoryUser } from "../directory/directory-user";
import type { UserPools } from "../user-pools";
import type { ClientMetadata } from "./sign-up";

/** Fields of the trigger's response before it sets them. */
const response = {
  userAttributes: null,
  forceAliasCreation: null,
  finalUserStatus: null,
  messageAction: null,
  desiredDeliveryMediums: null,
  enableSMSMFA: null,
};

/**
 * Asks the pool's trigger for a user whom the pool does not have, and makes the one it answers. Without a final status the
 * user must replace the password.
 * @returns undefined when the pool has no such trigger, or it does not know the name either
 * @throws {CognitoError} when the trigger fails
 */
export async function migratedUser(
  pools: UserPools,
  of: { client: AppClient; username: string; password: string; clientMetadata?: ClientMetadata },
): Promise<DirectoryUser | undefined> {
  const { client, username, password, clientMetadata } = of;
  const answer = await pools.triggers.ask("userMigration", {
    source: "UserMigration_Authentication",
    client,
    username,
    request: { password, validationData: clientMetadata ?? null, ...(clientMetadata && { clientMetadata }) },
    response,
  });
  const attributes: Record<string, string> | null | undefined = answer?.["userAttributes"];
  if (!attributes || Object.keys(attributes).length === 0) return undefined;
  const directory = pools.directory(client.pool.id);
  const { username: _, ...others } = attributes;
  const user = directory.add(directory.draft(username, others));
  const confirmed = answer?.["finalUserStatus"] === "CONFIRMED";
  user.status = confirmed ? "CONFIRMED" : "RESET_REQUIRED";
  if (confirmed) user.setPassword(password);
  return user;
}
