import { evaluate } from "../../graph/policy/evaluate";
import { everySeverity } from "./config";
import { broken, type Draft, graphOf, type World } from "./helpers";
import { type WorldName, worlds } from "./worlds";

/** A change of a compliant fixture that breaks one rule. */
export interface Case {
  readonly world: WorldName;
  /** Resource, path and value; without a value the path is removed, with an empty path the resource. */
  readonly change: readonly (readonly [name: string, path: string, value?: unknown])[];
  /** Resources that the change adds. */
  readonly add?: Draft;
  /** Configuration that the change is about, such as a lower threshold. */
  readonly config?: World["config"];
  /** The resource that the finding is on. */
  readonly on: string;
  /** What must hold, and what was got. */
  readonly says: string;
}

/** Findings on a fixture, changed or not. */
export async function findingsOf({ world, change, add, config }: Case, changed: boolean) {
  const sound: World = worlds[world];
  const draft = changed
    ? change.reduce((all, [name, path, value]) => broken(all, name, path, value), { ...sound.draft, ...add })
    : sound.draft;
  const own = { ...sound.config, ...(changed ? config : {}) };
  return evaluate(graphOf(draft), { configOf: everySeverity(own) });
}
