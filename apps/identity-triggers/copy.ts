import { randomBytes } from "node:crypto";
import type { OnFailure, TriggerEvent } from "./event";
import { isExternal, subjectAttribute } from "./subject";

/** Attribute of a user who is in both pools: `<id in the other one> <address that both had last>`. */
export const copyAttribute = "custom:copy";

/** A user of the other pool. */
export interface OtherUser {
  readonly id: string;
  /** Who it is a copy of; undefined for a user who signed up there. */
  readonly subject: string | undefined;
  /** `UNCONFIRMED` until the address of a sign-up is verified, `FORCE_CHANGE_PASSWORD` until a copy has a password. */
  readonly status: string | undefined;
  readonly email: string | undefined;
}

/** What `createCopy` does with the pools; each does nothing when it is done already. */
export interface Pools {
  /** Names of the groups of a user of the own pool. */
  groupsOf(user: OwnUser): Promise<readonly string[]>;
  /** Keeps at the user of the own pool where the copy is. */
  record(user: OwnUser, copy: string): Promise<void>;
  /** Makes a user in the other pool, whose address counts as verified; undefined when the address has a user there. */
  make(attributes: Readonly<Record<string, string>>): Promise<string | undefined>;
  /** Finds a user of the other pool by address or id. */
  find(name: string): Promise<OtherUser>;
  /** Sets the password of a user of the other pool. */
  setPassword(id: string, password: string): Promise<void>;
  /** Puts a user of the other pool into a group. */
  join(id: string, group: string): Promise<void>;
  /**
   * Changes the address of a user of the other pool, which counts as verified, and `copyAttribute`; false when another
   * user has it.
   */
  changeAddress(id: string, address: string, copy: string): Promise<boolean>;
  /** Removes a user of the other pool. */
  remove(id: string): Promise<void>;
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
/** Status of a user whom an administrator has made, and who has no password yet. */
const temporary = "FORCE_CHANGE_PASSWORD";

/**
 * Makes what copies a person to the pool of the other region: address, name, and the groups of this moment. The copy
 * knows whom it is a copy of. It gets a password that is thrown away at once, without which Cognito would let it recover
 * none: the person sets one by recovery, or signs in by a code by mail. Passwords cannot be copied.
 *
 * It is done once. An address that changes at either of the two is changed at the other one, so that the former mailbox
 * recovers neither; one that changed at both is that of the original. Who signs in by an external provider or has no
 * verified address is not copied. A person who signed up in both regions before a copy was made is two: nothing is
 * changed, and an alarm says so. A sign-up whose address was never verified is removed, as anyone could keep a person's
 * place by one.
 *
 * **When it fails:** it never does. What could not be copied raises an alarm and is copied with the next token; after the
 * other region was silent, no one waits for it for 15 s.
 */
export function createCopy({ pools, onFailure, now = Date.now, longestMs = 2_000 }: CopyParts) {
  let silentUntil = 0;
  return async (event: CopyEvent): Promise<void> => {
    const wanted = wantedCopy(event);
    if (wanted === undefined || now() < silentUntil) return;
    try {
      await withinTime(copy(pools, event, wanted), longestMs);
    } catch (error) {
      if (error instanceof Conflict) return onFailure(error.message);
      // A user whom Cognito refuses must not keep others from being copied.
      if (!isRefusal(error)) silentUntil = now() + pauseMs;
      onFailure("a person could not be copied to the other region; the next token tries again", error);
    }
  };
}

/** What no later attempt does by itself. */
class Conflict extends Error {}

/** Tells whether Cognito has answered that it does not do this. */
function isRefusal(error: unknown): boolean {
  const { $fault, name } = (error ?? {}) as { readonly $fault?: unknown; readonly name?: unknown };
  return $fault === "client" && name !== "TooManyRequestsException";
}

/** A user of the other pool who is not there yet, or has another address. */
interface WantedCopy {
  /** `sub` of the own user. */
  readonly sub: string;
  readonly email: string;
  readonly name: string | undefined;
  /** Id of the user, who has another address. @default there is none */
  readonly id: string | undefined;
  /** The address that both had last. */
  readonly former: string | undefined;
  /** Whether the own user is the copy of the two. */
  readonly isCopy: boolean;
}

/** Returns the copy that a user should have and does not. */
function wantedCopy({ request: { userAttributes } }: CopyEvent): WantedCopy | undefined {
  const { sub, email, name, email_verified: verified } = userAttributes ?? {};
  if (sub === undefined || email === undefined || verified !== "true") return undefined;
  const [id, former] = userAttributes?.[copyAttribute]?.split(" ") ?? [];
  const isCopy = userAttributes?.[subjectAttribute] !== undefined;
  if (isExternal(userAttributes) || former === email || (isCopy && id === undefined)) return undefined;
  return { sub, email, name, id, former, isCopy };
}

async function copy(pools: Pools, user: OwnUser, wanted: WantedCopy): Promise<void> {
  const id = wanted.id === undefined ? await made(pools, user, wanted) : await moved(pools, wanted.id, wanted);
  if (id === undefined) {
    throw new Conflict(
      "a person has signed up in each region by themselves, and is not copied; remove one of the two users",
    );
  }
  await pools.record(user, `${id} ${wanted.email}`);
}

/** Changes the address of the user in the other pool. @returns its id; undefined when the address is another's */
async function moved(pools: Pools, id: string, wanted: WantedCopy): Promise<string | undefined> {
  const { sub, email, former, isCopy } = wanted;
  // Who has the former mailbox may be in the copy still, and must not get the original by it.
  if (isCopy && (await pools.find(id)).email !== former) {
    throw new Conflict("a person has changed the address in each region; the next token of the original decides");
  }
  const change = () => pools.changeAddress(id, email, `${sub} ${email}`);
  if (await change()) return id;
  return (await removedUnverified(pools, email)) && (await change()) ? id : undefined;
}

/** Makes a copy, or goes on with one that was left half done. @returns its id; undefined when the address is another's */
async function made(pools: Pools, user: OwnUser, { sub, email, name }: WantedCopy): Promise<string | undefined> {
  const marks = { [subjectAttribute]: sub, [copyAttribute]: `${sub} ${email}` };
  const attributes = { email, email_verified: "true", ...marks, ...(name && { name }) };
  const groups = await pools.groupsOf(user);
  let id = await pools.make(attributes);
  if (id === undefined && (await removedUnverified(pools, email))) id = await pools.make(attributes);
  const found = id === undefined ? await pools.find(email) : { id, subject: sub, status: temporary };
  if (found.subject !== sub) return undefined;
  // A password that the person has set since stays.
  if (found.status === temporary) await pools.setPassword(found.id, unknownPassword());
  for (const group of groups) await pools.join(found.id, group);
  return found.id;
}

/**
 * Removes the user of the other pool who signed up with an address and never verified it. Whose mailbox it is has
 * verified it here.
 * @returns whether there was one
 */
async function removedUnverified(pools: Pools, email: string): Promise<boolean> {
  const { id, status } = await pools.find(email);
  if (status !== "UNCONFIRMED") return false;
  await pools.remove(id);
  return true;
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
