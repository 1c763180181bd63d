import { BuildFailed, Rebuilds } from "../../apps/bundler/rebuild";
import { foreseen, UserError } from "../../graph/user-error";
import type { Development } from "../../local/development";
import type { RolloutView } from "../../local/rollouts";
import { SourceWatcher } from "./source-watcher";

/** Options of `DevelopmentLoop`. */
export interface LoopOptions {
  /** Folder of the project. */
  readonly root: string;
  readonly development: Development;
  /** Gets what is told to the person at the terminal. @param part  `build`, `rollout` or `watch` */
  readonly report: (part: string, detail: string) => void;
}

/** Builds what is saved of a service, and has it take the place of what runs. */
export class DevelopmentLoop {
  private readonly watcher: SourceWatcher;
  private readonly rebuilds: Rebuilds;
  /** Saved and not built yet. */
  private saved = new Set<string>();
  private savedAt = new Date();
  private building: Promise<void> | undefined;
  private stopped = false;

  constructor(private readonly options: LoopOptions) {
    const { root, development } = options;
    this.rebuilds = new Rebuilds(root, development.artifacts);
    this.watcher = new SourceWatcher(root, [{ folder: "apps", recursive: true }], (paths, at) => this.note(paths, at));
  }

  start(): void {
    const { development, report } = this.options;
    try {
      this.watcher.start();
    } catch (error) {
      report("watch", `saved sources are not seen: ${(error as Error).message}; start again after a change`);
      return;
    }
    development.watching = true;
    report("watch", "a service whose source is saved gets its new code");
    // What does not compile now is said when it is saved.
    this.building = this.rebuilds.prepare().catch(() => {});
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.watcher.stop();
    await this.building;
    await this.rebuilds.stop();
  }

  private note(paths: ReadonlySet<string>, at: Date): void {
    if (this.saved.size === 0) this.savedAt = at;
    for (const path of paths) this.saved.add(path);
    const before = this.building;
    this.building = (async () => {
      await before;
      await this.build();
    })();
  }

  private async build(): Promise<void> {
    const { saved, savedAt } = this;
    // A build before has had them.
    if (saved.size === 0 || this.stopped) return;
    this.saved = new Set();
    const { development, report } = this.options;
    try {
      const built = await this.rebuilds.rebuild(saved);
      development.failure = undefined;
      const folders = Object.fromEntries(Object.entries(built).map(([name, { directory }]) => [name, directory]));
      // The next save is built meanwhile.
      if (Object.keys(folders).length > 0) void this.rollOut(folders, savedAt);
    } catch (error) {
      if (!(error instanceof BuildFailed)) throw error;
      development.failure = `${error.message}; what was saved before goes on`;
      report("build", development.failure);
    }
  }

  private async rollOut(folders: Readonly<Record<string, string>>, asked: Date): Promise<void> {
    const { development, report } = this.options;
    try {
      await development.deploy(folders, { asked, changed: (view) => report("rollout", sentenceOf(view)) });
    } catch (thrown) {
      const error = foreseen(thrown);
      if (!(error instanceof UserError)) throw thrown;
      if (this.stopped) return;
      development.failure = `${error.message}; what was saved before goes on`;
      report("rollout", development.failure);
    }
  }
}

function sentenceOf({ service, region, servesAfterMs, doneAfterMs }: RolloutView): string {
  const after = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;
  const where = `${service} in ${region}`;
  if (doneAfterMs !== undefined) return `${where}: nothing of the old code is left after ${after(doneAfterMs)}`;
  return `${where}: the new code answers after ${after(servesAfterMs ?? 0)}`;
}
