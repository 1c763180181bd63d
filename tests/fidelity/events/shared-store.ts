import type { GraphIndex } from "../../../graph/model";
import { DynamoDbStore } from "../../../local/dynamodb/store";
import { Reaper } from "../../../local/processes/reaper";

let running: Promise<{ readonly store: DynamoDbStore; readonly reaper: Reaper }> | undefined;

/** Starts the store that all cases use, with the regions of a plan and no tables. Items expire fifty times faster. */
export async function sharedStore(index: GraphIndex): Promise<DynamoDbStore> {
  running ??= start(index);
  return (await running).store;
}

/** Ends it, if it has started. */
export async function stopSharedStore(): Promise<void> {
  const started = await running;
  running = undefined;
  await started?.store.stop();
  await started?.reaper.stop();
}

async function start(index: GraphIndex) {
  const reaper = new Reaper();
  const store = new DynamoDbStore(() => {}, reaper, { factor: 50 });
  await store.open();
  await store.openRegions(index);
  return { store, reaper };
}
