import { UserError } from "../graph/user-error";
import type { FunctionPool } from "./lambda/function-pool";
import { FunctionFailure } from "./local-compute";
import type { PythonWorkloads } from "./processes/python-workloads";
import type { Supervisor } from "./processes/supervisor";

/** How the latest rollout of a service in a region goes, or went. */
export interface RolloutView {
  readonly service: string;
  readonly region: string;
  /** When it was asked for, by the save of a source: ISO 8601. */
  readonly at: string;
  /** From then until the new code answers; unset before. */
  readonly servesAfterMs?: number;
  /** From then until no server or process of the old code is left; unset before. */
  readonly doneAfterMs?: number;
}

/** Who asks for a rollout. */
export interface RolloutRequest {
  /** When. */
  readonly asked: Date;
  /** Called when the new code begins to answer, and when nothing of the old one is left. */
  changed(view: RolloutView): void;
}

/** Something that runs an artifact: a group of servers or a function. */
interface Deployable {
  readonly service: string;
  readonly region: string;
  readonly folder: string;
  deploy(folder: string, serves: () => void): Promise<void>;
}

/** Ends with the hash of the files. @example ".artifacts/food-store-1855d19b55b6" */
const artifactFolder = /([^/]+)-[0-9a-f]{12}$/;

/** Puts new artifacts into the place of those that run, as a deployment does: a region after the other, the first one first. */
export class Rollouts {
  private readonly latest = new Map<string, RolloutView>();

  /** @param running  everything that runs an artifact */
  constructor(
    private readonly running: () => {
      readonly supervisors: readonly Supervisor[];
      readonly pools: readonly FunctionPool[];
      readonly python: PythonWorkloads;
    },
  ) {}

  /** Names of the artifacts that run. @example ["food-store", "forwarder"] */
  get artifacts(): readonly string[] {
    return [...new Set(this.deployables().flatMap(({ folder }) => artifactFolder.exec(folder)?.[1] ?? []))].sort();
  }

  views(): readonly RolloutView[] {
    return [...this.latest.values()];
  }

  /**
   * Replaces all that runs an older artifact of these names, under load without a failed request.
   * @param folders  of the new artifacts, by name
   * @throws {UserError} why the new code of one does not run; the old one goes on there, and in the regions after it
   */
  async deploy(folders: Readonly<Record<string, string>>, { changed, asked }: RolloutRequest): Promise<void> {
    const at = asked.toISOString();
    const all = this.deployables().flatMap((each) => {
      const folder = folders[artifactFolder.exec(each.folder)?.[1] ?? ""];
      return folder === undefined || folder === each.folder ? [] : [{ ...each, to: folder }];
    });
    const { python } = this.running();
    for (const { folder, to } of all) await python.follow(folder, to);
    const record = (view: RolloutView) => {
      this.latest.set(`${view.region} ${view.service}`, view);
      changed(view);
    };
    const sinceAsked = () => Date.now() - asked.getTime();
    const deployed: Promise<void>[] = [];
    for (const region of new Set(all.map((each) => each.region))) {
      const serving = all
        .filter((each) => each.region === region)
        .map(async ({ service, deploy, to }) => {
          let view: RolloutView = { service, region, at };
          await new Promise<void>((resolve, reject) => {
            const done = deploy(to, () => {
              view = { ...view, servesAfterMs: sinceAsked() };
              record(view);
              resolve();
            }).then(() => record({ ...view, doneAfterMs: sinceAsked() }));
            deployed.push(done);
            done.catch(reject);
          });
        });
      await Promise.all(serving);
    }
    await Promise.all(deployed);
  }

  private deployables(): Deployable[] {
    const { supervisors, pools } = this.running();
    return [
      ...supervisors.map((each) => ({
        service: each.group.service,
        region: each.group.region,
        folder: each.group.cwd,
        deploy: (cwd: string, serves: () => void) => each.rollOut({ cwd }, serves),
      })),
      ...pools.map((each) => ({
        service: each.spec.service,
        region: each.spec.region,
        folder: each.spec.cwd,
        deploy: async (cwd: string, serves: () => void) => {
          await each.release({ ...each.spec, cwd }).catch(asUserError);
          serves();
        },
      })),
    ];
  }
}

function asUserError(error: unknown): never {
  throw error instanceof FunctionFailure ? new UserError(error.message) : error;
}
