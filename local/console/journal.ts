import { oneLine } from "../../graph/printable";
import type { LogSink } from "../processes/lines";

/** A line that a server, a function or the platform itself has logged. */
export interface JournalLine {
  /** Counts up from 1 in the order of arrival. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** @example "food-store eu-west-1a" */
  readonly source: string;
  /** Text, or a JSON object: of a server, a function, or an access log. */
  readonly text: string;
}

/** What lines are searched for. */
export interface JournalQuery {
  /** Text that the source or the line contains, in any case. @default "" */
  readonly text?: string;
  /** Only lines that are older than the one of this id. @default all */
  readonly before?: number;
  readonly limit: number;
}

/** Longest text that is kept of a line. */
const maxLength = 2_000;

/** The last lines of a run, in two parts: what the platform itself reports, and what servers and gateways log. */
export class Journal {
  readonly events: KeptLines;
  readonly lines: KeptLines;
  private count = 0;

  constructor(limits: { readonly events: number; readonly lines: number } = { events: 500, lines: 4_000 }) {
    this.events = new KeptLines(limits.events);
    this.lines = new KeptLines(limits.lines);
  }

  /** Returns a sink that keeps the last lines of what it passes on. */
  keeping(log: LogSink): LogSink {
    return (source, text) => {
      const line = { id: ++this.count, time: Date.now(), source, text: text.slice(0, maxLength) };
      // Servers and gateways write a JSON object a line.
      (isEvent(line) ? this.events : this.lines).add(line);
      log(source, text);
    };
  }

  /** Adds what happened to the platform, as an event. */
  note(source: string, text: string): void {
    this.events.add({ id: ++this.count, time: Date.now(), source, text: oneLine(text).slice(0, maxLength) });
  }
}

/** Sources of events name a part of the platform or a service; those of servers name a zone too. */
function isEvent({ source, text }: JournalLine): boolean {
  return !text.startsWith("{") && !source.includes(" ");
}

/** A limited number of lines, the oldest of which gives way. */
export class KeptLines {
  private readonly places: (JournalLine | undefined)[];
  private next = 0;

  constructor(private readonly most: number) {
    this.places = new Array(most);
  }

  add(line: JournalLine): void {
    this.places[this.next] = line;
    this.next = (this.next + 1) % this.most;
  }

  /** Returns the lines after the one of an id, the oldest first. */
  after(id: number): JournalLine[] {
    return this.all().filter((line) => line.id > id);
  }

  /** Returns the latest lines that match, the oldest first. */
  search({ text = "", before = Number.POSITIVE_INFINITY, limit }: JournalQuery): JournalLine[] {
    const wanted = text.toLowerCase();
    const found: JournalLine[] = [];
    const all = this.all();
    for (let i = all.length - 1; i >= 0 && found.length < limit; i--) {
      const line = all[i]!;
      if (line.id < before && `${line.source} ${line.text}`.toLowerCase().includes(wanted)) found.push(line);
    }
    return found.reverse();
  }

  private all(): JournalLine[] {
    const lines = [...this.places.slice(this.next), ...this.places.slice(0, this.next)];
    return lines.filter((line) => line !== undefined);
  }
}
