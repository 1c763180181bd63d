import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../graph/user-error";
import { type Server, waitUntilHealthy } from "./server";
import type { ServerGroup } from "./server-group";

/** What a rollout does with the servers of a group. */
export interface Fleet {
  /** Longest time until a new server is healthy. */
  readonly startSeconds: number;
  /** How many servers are kept running; none once they are stopped. */
  kept(): number;
  /** Servers that count: none that is being removed. */
  active(): readonly Server[];
  /** Starts a server of a revision of the group. @throws {UserError} when it ends before it listens */
  launch(revision: ServerGroup, zone: string): Promise<Server>;
  /** Removes a server: no new requests, then a drain, then its end. */
  retire(server: Server): Promise<void>;
  /** Has every server that starts from now on be of this revision. */
  adopt(revision: ServerGroup): void;
  /** Starts a server of the adopted revision where one is missing. */
  refill(): void;
}

/**
 * Replaces every server of a group by one of another revision, one by one in the planned order. The first new server has to
 * be healthy before anything else changes, unless its place has to be free before it starts. Old servers drain while the next
 * ones start. Resolves when the last old one has drained.
 * @param latest  false as soon as a later rollout has begun, which replaces what this one leaves
 * @throws {UserError} why a new server was not healthy; the old ones that are left stay
 */
export async function rollOut(fleet: Fleet, revision: ServerGroup, latest: () => boolean): Promise<void> {
  const { deployment: order = "before" } = revision;
  const drains: Promise<void>[] = [];
  const olds = () => fleet.active().filter((server) => server.revision !== revision);
  const retire = async (server: Server | undefined) => {
    if (server === undefined) return;
    const drained = fleet.retire(server);
    drains.push(drained);
    if (order === "after") await drained;
  };
  if (fleet.kept() === 0) fleet.adopt(revision);
  for (let [old] = olds(); old !== undefined && latest(); [old] = olds()) {
    if (fleet.kept() === 0) break;
    if (order !== "before" && fleet.active().length >= fleet.kept()) await retire(old);
    const { zone } = old;
    const started = await launchHealthy(fleet, revision, zone).catch((error) => {
      fleet.refill();
      throw error;
    });
    if (latest()) fleet.adopt(revision);
    const surplus = fleet.active().length > fleet.kept();
    const inZone = olds().find((server) => server.zone === zone);
    if (surplus) await retire(latest() ? (inZone ?? olds()[0]) : started);
  }
  await Promise.all(drains);
}

/** Starts a server and waits until it is healthy. @throws {UserError} when it is not; it is removed again */
async function launchHealthy(fleet: Fleet, revision: ServerGroup, zone: string): Promise<Server> {
  const server = await fleet.launch(revision, zone);
  const timer = new AbortController();
  const late = sleep(fleet.startSeconds * 1_000, "late", { signal: timer.signal }).catch(() => "late");
  const outcome = await Promise.race([waitUntilHealthy(server), late]);
  timer.abort();
  if (outcome === true || fleet.kept() === 0) return server;
  await fleet.retire(server);
  const what = outcome === false ? "ended before it was healthy" : `was not healthy within ${fleet.startSeconds} s`;
  throw new UserError(`${revision.service} ${zone}: the new server ${what}; fix what its log says`);
}
