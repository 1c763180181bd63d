import type * as z from "zod";
import { shown } from "../ask";
import { type Check, NotRun, type Session } from "../check";
import { bodyWith, definitionOf, pathOf, type ServiceStory, type WriteStory } from "../story";
import type { Door, Target } from "../target";
import { itemsCanBeStored, storedItem, whyNotRemovable } from "./writes";

const keyHeader = "Idempotency-Key";

/**
 * A POST that takes idempotency keys, sent twice with one key, has one effect, and its key is refused for another body. What it
 * stored is removed; the key itself expires after a day.
 */
export function keyChecks(target: Target, door: Door, story: ServiceStory): Check[] {
  return story.writes
    .filter((write) => takesKeys(story, write) && itemsCanBeStored(target, story, write))
    .map((write) => ({
      id: `key/${door.label}/${story.name}/${write.route.id}`,
      expected: `POST ${write.route.path} twice with one ${keyHeader} answers the same item, and 422 for another body`,
      run: (session) => sendTwice(target, door, { story, write }, session),
    }));
}

function takesKeys({ name }: ServiceStory, { route, ofSession }: WriteStory): boolean {
  return route.method === "POST" && !ofSession && definitionOf(name, route.id).idempotency !== undefined;
}

async function sendTwice(
  target: Target,
  door: Door,
  { story, write }: { readonly story: ServiceStory; readonly write: WriteStory },
  session: Session,
): Promise<string | undefined> {
  const { route } = write;
  const key = `${session.items.idFor(door.label)}-${route.id}`;
  const token = await session.token(route.scopes);
  const unremovable = await whyNotRemovable(target, story.name, key);
  if (unremovable !== undefined) return unremovable;
  const send = (body: object | undefined) =>
    session.ask(door, { method: "POST", path: route.path, token, headers: { [keyHeader]: key }, body });
  const body = bodyWith(write, (other) => storedItem(session, other, door));
  const first = await send(body);
  if (first.status !== 200) return shown(first);
  const { id } = first.json as { id: string };
  const read = story.reads.find(({ path }) => path.startsWith(`${route.path}/{`) && path.endsWith("}"));
  if (read === undefined) return `stored ${id}, which no route reads`;
  session.items.add({ service: story.name, id, door: door.label, path: pathOf(read, id), part: route.id });
  const again = await send(body);
  if (again.status !== 200 || again.text !== first.text) return `${shown(again)} the second time`;
  const other = await send(changed(body, definitionOf(story.name, route.id).body!));
  if (other.status !== 422) return `${shown(other)} for another body`;
  const item = await session.ask(door, { path: pathOf(read, id) });
  return item.status === 200 && item.text === first.text ? undefined : `GET answers ${shown(item)}`;
}

/**
 * Returns another body that a schema takes: one number, text or truth value in it is another.
 * @throws {NotRun} when there is none
 */
export function changed(body: object | undefined, schema: z.ZodType): object {
  const all = body === undefined ? [] : variants(body);
  const found = all.find((each) => schema.safeParse(each).success);
  if (found === undefined)
    throw new NotRun("no other valid body can be made of the sample; give it a number or a text");
  return found as object;
}

/** Returns the values that differ from a value in one place. */
function variants(value: unknown): unknown[] {
  if (typeof value === "number") return [value + 1, value - 1];
  if (typeof value === "string") return [`${value}2`];
  if (typeof value === "boolean") return [!value];
  if (Array.isArray(value)) return value.flatMap((item, i) => variants(item).map((other) => value.with(i, other)));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) => variants(item).map((other) => ({ ...value, [key]: other })));
}
