import { Secret, TOTP } from "otpauth";
import { CognitoError } from "../cognito-error";

const periodMs = 30_000;

/**
 * The software token of a user: codes of RFC 6238 with SHA-1, six digits, a new one every 30 s. The previous and the next
 * one are accepted too, none twice.
 */
export class SoftwareToken {
  private readonly totp: TOTP;
  private readonly usedSteps = new Set<number>();

  /** @param secret  base32. @default a new one of 32 bytes, as Cognito's are */
  constructor(secret?: string) {
    const key = secret === undefined ? new Secret({ size: 32 }) : Secret.fromBase32(secret);
    this.totp = new TOTP({ algorithm: "SHA1", digits: 6, period: periodMs / 1_000, secret: key });
  }

  /** Base32, as applications take it. */
  get secret(): string {
    return this.totp.secret.base32;
  }

  /** Returns the URI that applications read from a QR code. */
  uri(label: string, issuer: string): string {
    const { secret } = this;
    const named = `${encodeURIComponent(issuer)}:${encodeURIComponent(label)}`;
    return `otpauth://totp/${named}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`;
  }

  /**
   * Uses a code up.
   * @param now  milliseconds since the epoch
   * @returns whether it is one of these three
   * @throws {CognitoError} ExpiredCodeException for one that was used
   */
  accept(code: string, now: number): boolean {
    if (!/^[0-9]{6}$/.test(code)) return false;
    const delta = this.totp.validate({ token: code, timestamp: now, window: 1 });
    if (delta === null) return false;
    const step = Math.floor(now / periodMs) + delta;
    if (this.usedSteps.has(step)) {
      throw new CognitoError("ExpiredCodeException", "Your software token has already been used once.");
    }
    for (const used of this.usedSteps) if (used < step - 4) this.usedSteps.delete(used);
    this.usedSteps.add(step);
    return true;
  }
}
