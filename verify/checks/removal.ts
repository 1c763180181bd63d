import { shown } from "../ask";
import type { Check } from "../check";
import type { MarkedItem } from "../marked-items";
import type { Target } from "../target";

/** An item of this run is removed from its table, and its route answers 404 again. */
export function removalCheck(target: Target, item: MarkedItem): Check {
  const { service, id, door, path, table, part } = item;
  // What was stored through the REST API is looked for at the global name: nothing there is kept in a cache.
  const from = target.regions[door] ?? target.global;
  return {
    id: ["removed", door, service, ...(part === undefined ? [] : [part])].join("/"),
    expected: `item ${id} of ${service} is removed`,
    run: async ({ ask }) => {
      try {
        await target.tables!.remove(service, id, table);
      } catch (error) {
        return `item ${id} is still in the table of ${service}: ${(error as Error).message}`;
      }
      const answer = await ask(from, { path });
      return answer.status === 404 ? undefined : `GET ${path} answers ${shown(answer)}`;
    },
  };
}
