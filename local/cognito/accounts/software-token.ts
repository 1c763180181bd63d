import type { UserPool } from "../clients";
import { CognitoError } from "../cognito-error";
import type { DirectoryUser } from "../directory/directory-user";
import { SoftwareToken } from "../directory/totp";

/**
 * Gives a user a new software token, which replaces the one before once a code of it is shown.
 * @throws {CognitoError} where the pool has none
 */
export function associateSoftwareToken(user: DirectoryUser, { settings: { mfa } }: UserPool): SoftwareToken {
  if (mfa === "OFF") {
    const text = "Software Token MFA has not been enabled by the userPool";
    throw new CognitoError("SoftwareTokenMFANotFoundException", text);
  }
  user.newSoftwareToken = new SoftwareToken();
  return user.newSoftwareToken;
}

/**
 * Takes the first code of a new software token.
 * @param now  milliseconds since the epoch
 * @throws {CognitoError} EnableSoftwareTokenMFAException for another code, LimitExceededException after 15 in an hour
 */
export function verifySoftwareToken(user: DirectoryUser, code: string, now: number): void {
  if (!user.newSoftwareToken?.accept(code, now)) {
    user.guessing.take(now);
    throw new CognitoError("EnableSoftwareTokenMFAException", "Code mismatch");
  }
  user.softwareToken = user.newSoftwareToken;
  user.newSoftwareToken = undefined;
}
