import type { IncomingMessage, ServerResponse } from "node:http";
import type { Journal } from "./journal";
import type { Traffic } from "./traffic";
import type { ConsoleView, StreamEvents } from "./view";

/** How often the state is compared with what was sent, while someone looks. */
const everyMs = 250;
/** Bytes that a reader may be behind; one that is slower is cut off, and connects again by itself. */
const maxWaitingBytes = 1_000_000;

/** What a stream sends. */
export interface StreamSource {
  readonly view: () => ConsoleView;
  readonly traffic: Traffic;
  readonly journal: Journal;
}

interface Reader {
  readonly response: ServerResponse;
  /** The view that was sent last, as JSON. */
  view: string;
  /** The last second whose counts were sent. */
  second: number;
  /** The last event that was sent. */
  event: number;
}

/** Sends the state of the platform to open consoles, by server-sent events. Nothing is read while none is open. */
export class ConsoleStream {
  private readonly readers = new Set<Reader>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly source: StreamSource) {}

  open(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    const reader = { response, view: "", second: 0, event: 0 };
    this.readers.add(reader);
    request.socket.setNoDelay(true);
    response.once("close", () => this.forget(reader));
    this.timer ??= setInterval(() => this.sendAll(), everyMs).unref();
    this.send(reader, JSON.stringify(this.source.view()));
  }

  stop(): void {
    clearInterval(this.timer);
    for (const { response } of this.readers) response.destroy();
  }

  private forget(reader: Reader): void {
    this.readers.delete(reader);
    if (this.readers.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private sendAll(): void {
    const view = JSON.stringify(this.source.view());
    for (const reader of this.readers) this.send(reader, view);
  }

  private send(reader: Reader, view: string): void {
    const { traffic, journal } = this.source;
    if (reader.response.writableLength > maxWaitingBytes) return void reader.response.destroy();
    if (view !== reader.view) write(reader, "view", view);
    reader.view = view;
    const now = Math.floor(Date.now() / 1_000);
    if (now > reader.second) {
      write(reader, "traffic", JSON.stringify({ now, series: traffic.since(reader.second) }));
      reader.second = now;
    }
    const events = journal.events.after(reader.event);
    if (events.length === 0) return;
    write(reader, "events", JSON.stringify(events));
    reader.event = events.at(-1)!.id;
  }
}

/** @param json  has no line ends, as JSON escapes them */
function write({ response }: Reader, event: keyof StreamEvents, json: string): void {
  response.write(`event: ${event}\ndata: ${json}\n\n`);
}
