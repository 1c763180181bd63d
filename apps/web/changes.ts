/** A change of an item, as a message of live changes has it. */
export interface Change {
  readonly id: string;
  readonly service: string;
  readonly kind: "created" | "changed" | "deleted";
  /** ISO 8601. */
  readonly at: string;
  /** The later one of two changes of an item has the higher version. */
  readonly version: number;
  /** Where it was written. */
  readonly region: string;
  /** @default unset, of an item that is too large for a message */
  readonly item?: unknown;
}

/** What is read of a WebSocket. */
export interface Socket {
  addEventListener(type: "open" | "message" | "close", listener: (event: any) => void): void;
  send(text: string): void;
  close(): void;
}

/** `waiting` is the time before the next attempt to connect. */
export type FeedState = "connecting" | "open" | "waiting" | "signed out";

/** What a feed needs of the page. */
export interface FeedOptions {
  /** `wss://…` */
  readonly url: string;
  /** Returns a valid token; undefined when no person is signed in. */
  readonly token: () => Promise<string | undefined>;
  readonly connect: (url: string, protocols: string[]) => Socket;
  /** Is called when the state or the changes are others. */
  readonly changed: () => void;
  /** @default Math.random */
  readonly random?: () => number;
}

/** Changes that are shown. */
export const changeCount = 20;
const [firstWaitMs, longestWaitMs] = [1_000, 60_000];
/** API Gateway ends a connection without a message for ten minutes. */
const keptOpenMs = 300_000;

/**
 * Returns how long to wait before an attempt: twice as long after each one that failed, a minute at most, and half of it
 * by chance, so that the pages of a region that is lost do not all come back at once.
 * @param failures  attempts that failed since a connection was open
 * @param chance  0 to 1
 */
export function waitMsAfter(failures: number, chance: number): number {
  const longest = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures, 16));
  return longest / 2 + (longest / 2) * chance;
}

/**
 * Returns the changes with one more, the latest first: each once, though a message may come twice and later than a newer
 * one.
 */
export function withChange(changes: readonly Change[], change: Change): readonly Change[] {
  const same = ({ service, id, version }: Change) =>
    service === change.service && id === change.id && version === change.version;
  if (changes.some(same)) return changes;
  return [change, ...changes].sort((a, b) => b.version - a.version).slice(0, changeCount);
}

/** Reads a message. @returns undefined for one that is no change */
export function changeOf(data: unknown): Change | undefined {
  try {
    const change = JSON.parse(String(data));
    const { id, service, kind, version } = change ?? {};
    const texts = [id, service, kind].every((each) => typeof each === "string");
    return texts && typeof version === "number" ? change : undefined;
  } catch {
    return undefined;
  }
}

/** The changes of items since the page was opened, by a connection that is opened again whenever it ends, until `stop`. */
export class ChangesFeed {
  state: FeedState = "connecting";
  changes: readonly Change[] = [];
  private socket: Socket | undefined;
  private failures = 0;
  private stopped = false;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private keptOpen: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly options: FeedOptions) {}

  /** Opens a connection. The token is in the list of protocols, the only header that a page can set. */
  async start(): Promise<void> {
    const token = await this.options.token();
    if (this.stopped) return;
    if (token === undefined) return this.become("signed out");
    this.become("connecting");
    const socket = this.options.connect(this.options.url, ["changes.v1", `token.${token}`]);
    this.socket = socket;
    socket.addEventListener("open", () => this.opened(socket));
    socket.addEventListener("message", ({ data }) => this.take(changeOf(data)));
    socket.addEventListener("close", () => this.ended());
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.waiting);
    clearInterval(this.keptOpen);
    this.socket?.close();
  }

  private opened(socket: Socket): void {
    if (this.stopped) return;
    this.failures = 0;
    this.keptOpen = setInterval(() => socket.send("{}"), keptOpenMs);
    this.become("open");
  }

  private take(change: Change | undefined): void {
    if (this.stopped || change === undefined) return;
    this.changes = withChange(this.changes, change);
    this.options.changed();
  }

  /** A connection ends with its token too, and a page does not learn why: the next attempt has a token of its own. */
  private ended(): void {
    clearInterval(this.keptOpen);
    if (this.stopped) return;
    const { random = Math.random } = this.options;
    this.waiting = setTimeout(() => void this.start(), waitMsAfter(this.failures, random()));
    this.failures += 1;
    this.become("waiting");
  }

  private become(state: FeedState): void {
    this.state = state;
    this.options.changed();
  }
}
