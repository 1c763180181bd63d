import { type FSWatcher, readdirSync, statSync, watch } from "node:fs";
import { basename, join } from "node:path";

/** A save is two or three events, and editors save several files one after the other. */
const quietMs = 30;
/** Sources of services. Editors write to other files first, which they rename: `.app.ts.swp`, `app.ts~`, `4913`. */
const sources = /^[^.#].*\.(tsx?|py|json|txt|css|html|svg)$/;
/** Folders that are not watched: what tools keep there. */
const ignored = /^(\.|__pycache__$|node_modules$)/;

/** What is watched: a folder with all below it, or the files of one folder alone. */
export interface Watched {
  /** Path from the root. */
  readonly folder: string;
  readonly recursive: boolean;
  /** Names of files that count. @default sources of services */
  readonly names?: RegExp;
}

/**
 * Tells of files that were saved, once for saves that are close together. The system reports them: nothing is polled. Each
 * folder is watched by itself, as `recursive` of Node.js on Linux no longer sees a file that another one was renamed to.
 */
export class SourceWatcher {
  private readonly watchers = new Map<string, FSWatcher>();
  private changed = new Set<string>();
  private since = new Date();
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param root  absolute
   * @param saved  gets the paths from the root, with forward slashes, and when the first one was saved
   */
  constructor(
    private readonly root: string,
    private readonly watched: readonly Watched[],
    private readonly saved: (paths: ReadonlySet<string>, at: Date) => void,
  ) {}

  /** @throws the system's error when it watches no more folders */
  start(): void {
    for (const each of this.watched) this.watch(each, () => {});
  }

  stop(): void {
    clearTimeout(this.timer);
    for (const watcher of this.watchers.values()) watcher.close();
    this.watchers.clear();
  }

  /** @param found  gets the names of the files that are in the folder already, and in those below it */
  private watch(watched: Watched, found: (of: Watched, name: string) => void): void {
    const { folder, recursive } = watched;
    this.watchers.get(folder)?.close();
    const watcher = watch(join(this.root, folder), (event, name) => {
      if (name === null) return;
      this.note(watched, name);
      if (event === "rename" && recursive) this.watchAppeared({ ...watched, folder: join(folder, name) });
    });
    // Of a folder that was removed.
    watcher.on("error", () => watcher.close());
    this.watchers.set(folder, watcher);
    if (!recursive) return;
    for (const entry of readdirSync(join(this.root, folder), { withFileTypes: true })) {
      const isFolder = entry.isDirectory() && !ignored.test(entry.name);
      if (isFolder) this.watch({ ...watched, folder: join(folder, entry.name) }, found);
      else found(watched, entry.name);
    }
  }

  /** Watches what has appeared, if it is a folder: new, or of the same name as one before. */
  private watchAppeared(watched: Watched): void {
    const path = join(this.root, watched.folder);
    try {
      if (!ignored.test(basename(path)) && statSync(path).isDirectory())
        this.watch(watched, (of, name) => this.note(of, name));
    } catch {
      // It has disappeared, or did meanwhile.
    }
  }

  private note({ folder, names = sources }: Watched, name: string): void {
    if (!names.test(name)) return;
    if (this.changed.size === 0) this.since = new Date();
    this.changed.add(join(folder, name).replaceAll("\\", "/"));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const { changed } = this;
      this.changed = new Set();
      this.saved(changed, this.since);
    }, quietMs);
  }
}
