import type { UserGroup } from "../groups";
import type { User } from "../users";
import { LockOut } from "./lock-out";
import { RateLimit } from "./rate-limit";
import { hasPassword, type PasswordVerifier, verifierOf } from "./srp";
import type { SoftwareToken } from "./totp";

/** State of a user, as answers have it. */
export type UserStatus = "UNCONFIRMED" | "CONFIRMED" | "FORCE_CHANGE_PASSWORD" | "RESET_REQUIRED" | "EXTERNAL_PROVIDER";

/** What a code was sent for. */
export type CodePurpose = "sign-up" | "recovery" | `verify ${string}`;

/** A code that was sent to a user. */
export interface SentCode {
  readonly code: string;
  /** Attribute whose address or number it was sent to. */
  readonly attribute: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Value that the attribute gets once the code is shown. */
  readonly newValue?: string;
}

/** A user of a local user pool. What changes is changed by the pool's directory and the operations on it. */
export class DirectoryUser implements User {
  attributes: Record<string, string> = {};
  enabled = true;
  status: UserStatus = "UNCONFIRMED";
  readonly memberOf = new Set<string>();
  readonly codes = new Map<CodePurpose, SentCode>();
  readonly lockOut = new LockOut();
  /** Codes that are sent, and wrong ones that are shown, in an hour. */
  readonly sending = new RateLimit(5, 3_600_000);
  readonly guessing = new RateLimit(15, 3_600_000);
  softwareToken: SoftwareToken | undefined;
  /** One that the user has not shown a code of yet; the one before stays until then. */
  newSoftwareToken: SoftwareToken | undefined;
  /** Whether the user asked for the software token at each sign-in; a pool that requires one asks anyway. */
  prefersSoftwareToken = false;
  /** Milliseconds since the epoch; unset for a password of the user's own. */
  temporaryUntil: number | undefined;
  /** Accounts at external providers. */
  identities: readonly object[] = [];
  modifiedAt: number;
  /** Name of one who signed in without a password. */
  quickName: string | undefined;
  private password: PasswordVerifier | undefined;

  constructor(
    readonly sub: string,
    readonly username: string,
    private readonly pool: { readonly name: string; readonly groups: () => readonly UserGroup[] },
    readonly createdAt: number,
  ) {
    this.modifiedAt = createdAt;
  }

  get groups(): readonly UserGroup[] {
    return this.pool.groups().filter(({ name }) => this.memberOf.has(name));
  }

  get verifier(): PasswordVerifier | undefined {
    return this.password;
  }

  setPassword(password: string): void {
    this.password = verifierOf(this.pool.name, this.username, password);
    this.temporaryUntil = undefined;
  }

  hasPassword(password: string): boolean {
    return this.password !== undefined && hasPassword(this.password, this.pool.name, this.username, password);
  }

  /** Tells whether a sign-in must show a code of the software token. */
  needsSoftwareToken(mfa: "OFF" | "ON" | "OPTIONAL"): boolean {
    return mfa !== "OFF" && this.softwareToken !== undefined && (mfa === "ON" || this.prefersSoftwareToken);
  }

  isVerified(attribute: string): boolean {
    return this.attributes[attribute] !== undefined && this.attributes[`${attribute}_verified`] === "true";
  }
}
