import { useEffect, useState } from "preact/hooks";
import type { JournalLine } from "../journal";
import type { Second } from "../traffic";
import type { ConsoleView, StreamEvents } from "../view";

/** Counts of a service in a region, with the seconds that the page has seen. */
export type LiveSeries = StreamEvents["traffic"]["series"][number];

/** What the page knows of the platform. */
export interface LiveState {
  /** Undefined until the first one has come. */
  readonly view: ConsoleView | undefined;
  readonly connected: boolean;
  /** The second since the epoch that the counts reach up to. */
  readonly now: number;
  readonly series: readonly LiveSeries[];
  /** What happened, the oldest first. */
  readonly events: readonly JournalLine[];
}

/** Seconds that curves show. */
export const shownSeconds = 300;
const maxEvents = 500;

/** The platform's stream of states, which connects again by itself. */
export class Live {
  state: LiveState = { view: undefined, connected: false, now: 0, series: [], events: [] };
  private readonly listeners = new Set<() => void>();

  connect(): void {
    const source = new EventSource("/_platform/stream");
    const on = <Name extends keyof StreamEvents>(name: Name, take: (data: StreamEvents[Name]) => Partial<LiveState>) =>
      source.addEventListener(name, ({ data }) => this.set(take(JSON.parse(data))));
    // A stream that opens sends all that is kept.
    source.addEventListener("open", () => this.set({ connected: true, series: [], events: [] }));
    source.addEventListener("error", () => {
      this.set({ connected: false });
      // A browser gives up where another server answers, as while the platform starts again.
      if (source.readyState !== EventSource.CLOSED) return;
      source.close();
      setTimeout(() => this.connect(), 1_000);
    });
    on("view", (view) => ({ view }));
    on("traffic", ({ now, series }) => ({ now, series: merged(this.state.series, series, now) }));
    on("events", (events) => ({ events: [...this.state.events, ...events].slice(-maxEvents) }));
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private set(change: Partial<LiveState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

/** Renders again whenever the platform's state changes. */
export function useLive(live: Live): LiveState {
  const [state, setState] = useState(live.state);
  useEffect(() => live.subscribe(() => setState(live.state)), [live]);
  return state;
}

/** Adds new seconds to those that are known. */
export function merged(known: readonly LiveSeries[], added: readonly LiveSeries[], now: number): LiveSeries[] {
  return added.map((each) => {
    const before = known.find(({ region, service }) => region === each.region && service === each.service);
    const last = each.seconds[0]?.[0] ?? Number.POSITIVE_INFINITY;
    const kept = (before?.seconds ?? []).filter(([second]) => second < last && second > now - shownSeconds);
    return { ...each, seconds: [...kept, ...each.seconds] };
  });
}

/** A second of several series together. */
export interface Point {
  /** Seconds before now. */
  readonly ago: number;
  readonly requests: number;
  readonly failures: number;
  /** Median of the services in milliseconds, by their requests. */
  readonly p50: number;
  /** The slowest service's. */
  readonly p99: number;
}

/** Adds series up by the second, the oldest first; seconds without requests are absent. */
export function pointsOf(series: readonly LiveSeries[], now: number): Point[] {
  const bySecond = new Map<number, Second[]>();
  for (const { seconds } of series) {
    for (const each of seconds) bySecond.set(each[0], [...(bySecond.get(each[0]) ?? []), each]);
  }
  return [...bySecond]
    .sort(([a], [b]) => a - b)
    .map(([second, parts]) => {
      const requests = sum(parts.map((part) => part[1]));
      return {
        ago: now - second,
        requests,
        failures: sum(parts.map((part) => part[2])),
        p50: sum(parts.map((part) => part[1] * part[3])) / requests,
        p99: Math.max(...parts.map((part) => part[4])),
      };
    });
}

/** Adds numbers up. */
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
