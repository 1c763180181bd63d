import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, shown } from "../ask";
import type { Check, Session } from "../check";
import type { ServiceStory } from "../story";
import type { Door, Target } from "../target";
import { gatewayBody, includes, isBody } from "./answers";
import { whyNotRemovable } from "./writes";

const doneMilliseconds = 30_000;
const pollMilliseconds = 250;

/** Work is not taken on without a token. */
export function workRefusalChecks(door: Door, { name, work }: ServiceStory): Check[] {
  return work.map((route) => ({
    id: `no-token/${door.label}/${name}/${route.id}`,
    expected: `POST ${route.path} without a token is refused with 401 {"message":"Unauthorized"}`,
    run: async ({ ask }) => {
      const answer = await ask(door, { method: "POST", path: route.path, body: {} });
      return answer.status === 401 && isBody(answer, gatewayBody("Unauthorized")) ? undefined : shown(answer);
    },
  }));
}

/**
 * Work is taken on by the gateway and done by the service: the route of the contract's `result` answers it by the id of its
 * message. Work without `result` is not tried.
 */
export function workChecks(target: Target, door: Door, { name, work }: ServiceStory): Check[] {
  return work.flatMap((route) => {
    const { result } = route;
    if (result === undefined) return [];
    return {
      id: `work/${door.label}/${name}/${route.id}`,
      expected: `POST ${route.path} answers 202, and GET ${result.path} its result within ${doneMilliseconds / 1_000} s`,
      run: (session: Session) => takeOn(target, door, { service: name, route: { ...route, result } }, session),
    };
  });
}

interface Work {
  readonly service: string;
  readonly route: ServiceStory["work"][number] & { readonly result: { readonly path: string; readonly table: string } };
}

async function takeOn(target: Target, door: Door, { service, route }: Work, session: Session) {
  const { path, sample, result, scopes } = route;
  const token = await session.token(scopes);
  const { table } = result;
  const unremovable = await whyNotRemovable(target, service, session.items.idFor(door.label), table);
  if (unremovable !== undefined) return unremovable;
  const taken = await session.ask(door, { method: "POST", path, token, body: sample });
  const id = messageIdOf(taken);
  if (taken.status !== 202 || id === undefined) return shown(taken);
  const read = result.path.replace(/\{\w+\}/, id);
  session.items.add({ service, id, door: door.label, path: read, table, part: route.id });
  // A REST API may keep that there was nothing yet; the region's HTTP API asks the service each time.
  const from = target.regions[door.label] ?? target.global;
  const deadline = Date.now() + doneMilliseconds;
  for (;;) {
    const answer = await session.ask(from, { path: read });
    if (answer.status === 200 && includes(answer.json, { ...sample, id })) return undefined;
    if (answer.status !== 404) return shown(answer);
    if (Date.now() >= deadline) return `taken on as ${id}, and not done: ${shown(answer)}`;
    await sleep(pollMilliseconds, undefined, { signal: session.signal });
  }
}

/** An HTTP API answers SQS's own XML, a REST API JSON. */
function messageIdOf({ text, json }: Answer): string | undefined {
  const { id } = (json ?? {}) as { readonly id?: unknown };
  return typeof id === "string" ? id : /<MessageId>([\w-]+)<\/MessageId>/.exec(text)?.[1];
}
