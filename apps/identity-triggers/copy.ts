import { randomBytes } from "node:crypto";
import type { OnFailure, TriggerEvent } from "./event";
import { isExternal, subjectAttribute } from "./subject";

/** Attribute of a user who has a copy: `<id of the copy> <address that it was made with>`. */
export const copyAttribute = "custom:copy";

/** A user of the other pool. */
export interface OtherUser {
  readonly id: string;
  /** Who it is a copy of; undefined for a user who signed up there. */
  readonly subject: string | undefined;
  /** `FORCE_CHANGE_PASSWORD` until a password is set for it. */
  readonly status: string | undefined;
}

/** What `createCopy` does with the pools; each does nothing when it is done already. */
export interface Pools {
  /** Names of the groups of a user of the own pool. */
  groupsOf(user: OwnUser): Promise<readonly string[]>;
  /** Keeps at the user of the own pool where the copy is. */
  record(user: OwnUser, copy: string): Promise<void>;
  /** Makes a user in the other pool, whose address counts as verified; undefined when the address has a user there. */
  make(attributes: Readonly<Record<string, string>>): Promise<string | undefined>;
  /** Finds a user of the other pool by address. */
  find(address: string): Promise<OtherUser>;
  /** Sets the password of a user of the other pool. */
  setPassword(id: string, password: string): Promise<void>;
  /** Puts a user of the other pool into a group. */
  join(id: string, group: string): Promise<void>;
  /** Changes the address of a user of the other pool; it counts as verified. */
  changeAddress(id: string, address: string): Promise<void>;
}

/** A user of the pool that asks. */
export interface OwnUser {
  readonly userPoolId: string;
  readonly userName: string;
}

/** What `createCopy` needs. */
export interface CopyParts {
  readonly pools: Pools;
  readonly onFailure: OnFailure;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** Longest time that a sign-in waits for a copy. @default 2000 */
  readonly longestMs?: number;
}

/** The event of a trigger that copies. */
export type CopyEvent = TriggerEvent & OwnUser;

/** How long nothing is copied after the other region did not answer, so that not every sign-in waits for it. */
const pauseMs = 15_000;

/**
 * Makes what copies a person to the pool of the other region: address, name, and the groups of this moment. The copy knows
 * whom it is a copy of. It gets a password that is thrown away at once, without which Cognito would let it recover none: the
 * person sets one by recovery, or signs in by a code by mail. Passwords cannot be copied.
 *
 * It is done once, and after a change of the address again, which is then changed at the copy. Who is a copy, signs in by an
 * external provider or has no verified address is not copied. A person who signed up in both regions before a copy was made
 * is two: nothing is changed, and an alarm says so.
 *
 * **When it fails:** it never does. What could not be copied raises an alarm and is copied at the next sign-in; after the
 * other region was silent, no one waits for it for 15 s.
 */
export function createCopy({ pools, onFailure, now = Date.now, longestMs = 2_000 }: CopyParts) {
  let silentUntil = 0;
  return async (event: CopyEvent): Promise<void> => {
    const wanted = wantedCopy(event);
    if (wanted === undefined || now() < silentUntil) return;
    try {
      await withinTime(copy(pools, event, wanted, onFailure), longestMs);
    } catch (error) {
      silentUntil = now() + pauseMs;
      onFailure("a person could not be copied to the other region; the next sign-in tries again", error);
    }
  };
}

/** A copy that is not there yet, or has another address. */
interface WantedCopy {
  readonly subject: string;
  readonly email: string;
  readonly name: string | undefined;
  /** Id of the copy, which has another address. @default there is none */
  readonly id: string | undefined;
}

/** Returns the copy that a user should have and does not. */
function wantedCopy({ request: { userAttributes } }: CopyEvent): WantedCopy | undefined {
  const { sub, email, name, email_verified: verified } = userAttributes ?? {};
  if (sub === undefined || email === undefined || verified !== "true") return undefined;
  if (isExternal(userAttributes) || userAttributes?.[subjectAttribute] !== undefined) return undefined;
  const [id, address] = userAttributes?.[copyAttribute]?.split(" ") ?? [];
  return address === email ? undefined : { subject: sub, email, name, id };
}

async function copy(pools: Pools, user: OwnUser, wanted: WantedCopy, onFailure: OnFailure): Promise<void> {
  const { email } = wanted;
  const id = wanted.id ?? (await made(pools, user, wanted, onFailure));
  if (id === undefined) return;
  if (wanted.id !== undefined) await pools.changeAddress(id, email);
  await pools.record(user, `${id} ${email}`);
}

/** Makes a copy, or goes on with one that was left half done. @returns its id; undefined when the address is another's */
async function made(
  pools: Pools,
  user: OwnUser,
  { subject, email, name }: WantedCopy,
  onFailure: OnFailure,
): Promise<string | undefined> {
  const attributes = { email, email_verified: "true", [subjectAttribute]: subject, ...(name && { name }) };
  const [id, groups] = await Promise.all([pools.make(attributes), pools.groupsOf(user)]);
  const found = id === undefined ? await pools.find(email) : { id, subject, status: "FORCE_CHANGE_PASSWORD" };
  if (found.subject !== subject) {
    onFailure("a person has signed up in each region by themselves, and is not copied; remove one of the two users");
    return undefined;
  }
  // A password that the person has set since stays.
  if (found.status === "FORCE_CHANGE_PASSWORD") await pools.setPassword(found.id, unknownPassword());
  for (const group of groups) await pools.join(found.id, group);
  return found.id;
}

/** Returns a password that meets every rule, and that no one knows. */
function unknownPassword(): string {
  return `aA1!${randomBytes(60).toString("base64url")}`;
}

async function withinTime(work: Promise<void>, longestMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the other region did not answer within ${longestMs} ms`)), longestMs);
  });
  work.catch(() => {}); // of one that is not waited for any more
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
