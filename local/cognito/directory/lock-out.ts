import { CognitoError } from "../cognito-error";

const freeFailures = 4;
const quietMs = 15 * 60_000;

/**
 * The failed sign-ins of one user. The fifth in a row locks for one second, and each that follows for twice as long, up to
 * 15 minutes. What is tried meanwhile is refused and does not count. After 15 minutes without a try the count is zero.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow-things-to-know.html
 */
export class LockOut {
  private failures = 0;
  private lockedUntil = 0;
  private triedAt = 0;

  /**
   * Counts a try that is about to be made.
   * @param now  milliseconds since the epoch
   * @throws {CognitoError} NotAuthorizedException while the user is locked
   */
  admit(now: number): void {
    if (now < this.lockedUntil) throw new CognitoError("NotAuthorizedException", "Password attempts exceeded");
    if (now - this.triedAt >= quietMs) this.failures = 0;
    this.triedAt = now;
  }

  failed(now: number): void {
    this.failures++;
    const doublings = this.failures - freeFailures - 1;
    if (doublings >= 0) this.lockedUntil = now + Math.min(1_000 * 2 ** doublings, quietMs);
  }

  succeeded(): void {
    this.failures = 0;
  }
}
