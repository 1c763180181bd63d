import { setTimeout as sleep } from "node:timers/promises";
import { shown } from "../ask";
import { type Check, NotRun, type Session } from "../check";
import { bodyWith, definitionOf, pathOf, type ServiceStory, storyOf, type WriteStory } from "../story";
import { type Door, storyDoors, type Target } from "../target";
import { includes, isBody } from "./answers";

const replicationMilliseconds = 20_000;
const pollMilliseconds = 250;

/**
 * What is stored with the right scope is read back the same, here and in the other regions. A body that names items of other
 * services names those that the run has stored: their checks come before. Where they cannot be stored, or the service cannot ask for them, it
 * is left out.
 */
export function writeChecks(target: Target, door: Door, story: ServiceStory): Check[] {
  return story.writes
    .filter((write) => storesItem(write) && itemsCanBeStored(target, story, write))
    .flatMap((write) => new Write(target, door, story.name, write).checks());
}

/** Tells whether the items of other services that a body names can be stored, and asked for by the service. */
export function itemsCanBeStored(target: Target, { name }: ServiceStory, { itemsOf }: WriteStory): boolean {
  const stored = target.expected.services.filter((each) => storyOf(each).writes.some(storesItem));
  const { cannotCall = false } = target.expected.services.find((each) => each.name === name) ?? {};
  const canBeStored = (other: string) => stored.some((each) => each.name === other);
  return itemsOf.size === 0 || (!cannotCall && [...itemsOf.values()].every(canBeStored));
}

/** What is put into a session is no item: it is of one caller, and nothing reads it by its path. */
function storesItem({ route, ofSession }: WriteStory): boolean {
  return route.method === "PUT" && route.path.includes("{") && !ofSession;
}

/** One item's way: stored, read back, replicated. */
class Write {
  private stored: unknown;
  private leftOut = false;

  constructor(
    private readonly target: Target,
    private readonly door: Door,
    private readonly service: string,
    private readonly write: WriteStory,
  ) {}

  checks(): Check[] {
    const { door, service, write, target } = this;
    const place = `${door.label}/${service}/${write.route.id}`;
    const put: Check = {
      id: `write/${place}`,
      expected: `PUT ${write.route.path} with scope ${write.route.scopes.join(" or ")} answers 200 and the item`,
      run: (session) => this.store(session),
    };
    const { read } = write;
    if (read === undefined) return [put];
    const back: Check = {
      id: `read-back/${place}`,
      expected: `GET ${read.path} answers the item that was stored`,
      run: (session) => this.readAt(session, door, 0),
    };
    // The global name's items are looked for everywhere; those of another region's name in the primary region.
    const primary = target.regions[target.expected.regions[0]!]!;
    const elsewhere = door === target.global ? storyDoors(target).slice(1) : [primary];
    const replicas: Check[] = elsewhere.map((other) => ({
      id: `replica/${place}/${other.label}`,
      expected: `the item is read in ${other.label} within ${replicationMilliseconds / 1_000} s`,
      run: (session) => this.readAt(session, other, replicationMilliseconds),
    }));
    return [put, back, ...replicas];
  }

  private async store(session: Session): Promise<string | undefined> {
    const { door, service, write, target } = this;
    const { route, read } = write;
    const id = session.items.idFor(door.label);
    const path = pathOf(route, id);
    const token = await session.token(route.scopes).catch((error) => {
      this.leftOut = error instanceof NotRun && error.asked;
      throw error;
    });
    const unremovable = await whyNotRemovable(target, service, id);
    if (unremovable !== undefined) return unremovable;
    const body = bodyWith(write, (other) => storedItem(session, other, door));
    session.items.add({ service, id, door: door.label, path: pathOf(read ?? route, id) });
    const answer = await session.ask(door, { method: "PUT", path, body, token });
    const item = definitionOf(service, route.id).answer.safeParse(answer.json);
    if (answer.status !== 200 || !item.success || !includes(answer.json, { ...body, id })) return shown(answer);
    this.stored = answer.json;
    return undefined;
  }

  private async readAt(session: Session, door: Door, timeoutMs: number): Promise<string | undefined> {
    if (this.stored === undefined) throw new NotRun("nothing was stored", this.leftOut);
    const path = pathOf(this.write.read!, session.items.idFor(this.door.label));
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const answer = await session.ask(door, { path });
      if (answer.status === 200 && isBody(answer, this.stored)) return undefined;
      if (Date.now() >= deadline) return shown(answer);
      await sleep(pollMilliseconds, undefined, { signal: session.signal });
    }
  }
}

/**
 * Tries to remove an item that is not there: a run that may not remove items must not store any.
 * @returns why it may not
 */
export async function whyNotRemovable(
  { tables }: Pick<Target, "tables">,
  service: string,
  id: string,
  table?: string,
): Promise<string | undefined> {
  if (tables === undefined) throw new NotRun("the tables are not known, so nothing could be removed again");
  try {
    await tables.remove(service, id, table);
    return undefined;
  } catch (error) {
    return `nothing stored, as it could not be removed again: ${(error as Error).message}`;
  }
}

/** @returns the id of an item of another service that the run has stored */
export function storedItem({ items }: Session, service: string, { label }: Door): string {
  const id = items.storedId(service, label);
  if (id === undefined) throw new NotRun(`no item of ${service} was stored, which this one would name`);
  return id;
}
