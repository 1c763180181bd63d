import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { PlannedRole } from "../iam/planned-roles";
import type { CallersByKey } from "../iam/signing-caller";

/** Temporary credentials of a role, as code gets them. */
export interface SessionKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** How long credentials last: the longest time for which container agents and instances get them. */
const sessionMs = 6 * 3_600_000;
/** An access key id: what AWS's temporary ones begin with, the role, the end in seconds, and something random. */
const keyForm = /^ASIA([A-Z2-7]{3})([A-Z2-7]{7})([A-Z2-7]{6})([A-Z2-7]{4})$/;
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * The sessions of the planned roles on this machine. Nothing is kept: an access key id says which role and until when, and
 * its secret and token are derived from a key of the platform, so that every process which has that key and the plan knows
 * all sessions.
 */
export class RoleSessions {
  private readonly positions: ReadonlyMap<string, number>;

  /**
   * @param roles  of one plan, in the same order in every process
   * @param key  of the platform; of its own for every start, so that the keys of an earlier one are not known
   * @param now  milliseconds since the epoch
   */
  constructor(
    private readonly roles: readonly PlannedRole[],
    private readonly key: Buffer = randomBytes(32),
    private readonly now: () => number = Date.now,
  ) {
    this.positions = new Map(roles.map(({ arn }, position) => [arn, position]));
  }

  /** Tells whether a role is planned. */
  has(roleArn: string): boolean {
    return this.positions.has(roleArn);
  }

  /** Returns credentials of a role. @throws {Error} for a role that is not planned */
  open(roleArn: string): SessionKeys {
    const position = this.positions.get(roleArn);
    if (position === undefined) throw new Error(`the role ${roleArn} is not planned`);
    const seconds = Math.floor((this.now() + sessionMs) / 1_000);
    const random = randomBytes(6).reduce((text, byte) => text + alphabet[byte % 32]!, "");
    const body = `${encoded(position, 3)}${encoded(seconds, 7)}${random}`;
    const accessKeyId = `ASIA${body}${this.mark(body)}`;
    return { accessKeyId, ...this.secretsOf(accessKeyId), expiresAt: seconds * 1_000 };
  }

  /** Returns who has an access key of a session; undefined for any other key. */
  readonly find: CallersByKey = (accessKeyId) => {
    const [, position, seconds, random, mark] = keyForm.exec(accessKeyId) ?? [];
    if (position === undefined || seconds === undefined || mark === undefined) return undefined;
    if (!timingSafeEqual(Buffer.from(mark), Buffer.from(this.mark(`${position}${seconds}${random}`)))) return undefined;
    const role = this.roles[decoded(position)];
    if (role === undefined) return undefined;
    const { arn, name, account, identity, boundary, endpoints } = role;
    return {
      caller: { kind: "session", arn: `arn:aws:sts::${account}:assumed-role/${name}/local`, role: arn, account },
      identity,
      ...(boundary && { boundary }),
      ...(endpoints && { endpoints }),
      ...this.secretsOf(accessKeyId),
      expiresAt: decoded(seconds) * 1_000,
    };
  };

  private secretsOf(accessKeyId: string) {
    const derived = (purpose: string) => createHmac("sha256", this.key).update(`${purpose} ${accessKeyId}`);
    return {
      secretAccessKey: derived("secret").digest("base64").slice(0, 40),
      sessionToken: derived("token").digest("base64"),
    };
  }

  /** The last letters of an access key id, by which one that was not given out is known. */
  private mark(body: string): string {
    const bytes = createHmac("sha256", this.key).update(`id ${body}`).digest().subarray(0, 4);
    return bytes.reduce((text, byte) => text + alphabet[byte % 32]!, "");
  }
}

function encoded(number: number, length: number): string {
  let text = "";
  for (let rest = number; text.length < length; rest = Math.floor(rest / 32)) text = alphabet[rest % 32]! + text;
  return text;
}

function decoded(text: string): number {
  return [...text].reduce((number, letter) => number * 32 + alphabet.indexOf(letter), 0);
}
