import { type Dispatcher, request } from "undici";
import type { Operation } from "./history/operation";
import type { LoadedService } from "./loaded-services";

/** One request of the load, as a client saw it. Times are milliseconds since the load began. */
export interface Asked {
  readonly service: string;
  readonly kind: "put" | "get";
  readonly start: number;
  readonly end: number;
  /** HTTP status; `no answer` within the client's time limit, `broken` for a connection that was. */
  readonly status: number | "no answer" | "broken";
}

/** Options of `Load`. */
export interface LoadOptions {
  readonly url: string;
  readonly services: readonly LoadedService[];
  readonly token: string;
  /** Requests a second, of all services together. */
  readonly rate: number;
  /** How long a client waits for an answer. */
  readonly clientTimeoutMs: number;
  readonly dispatcher: Dispatcher;
  /** Tells the keys of one load from those of others. */
  readonly prefix: string;
}

/** One request in so many is a PUT. */
const putEvery = 4;
const tickMs = 5;

/** One item, which has one PUT at a time. */
interface Key {
  readonly service: LoadedService;
  readonly id: string;
  writing: boolean;
  /** Number of the latest PUT. */
  count: number;
}

/**
 * Steady load: requests at a rate, whether or not those before were answered. PUTs of rising numbers and GETs, of items of
 * each service, all of which are a history.
 */
export class Load {
  readonly asked: Asked[] = [];
  readonly history: Operation[] = [];
  private readonly began = performance.now();
  private readonly keys: readonly Key[];
  private readonly open = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private sent = 0;

  constructor(private readonly options: LoadOptions) {
    const { services, rate, clientTimeoutMs, prefix } = options;
    // A PUT that waits keeps its key: enough keys for all that may wait.
    const each = Math.ceil((((rate / putEvery) * clientTimeoutMs) / 1_000 + 4) / services.length);
    this.keys = services.flatMap((service) =>
      Array.from({ length: each }, (_, i) => ({ service, id: `${prefix}-${i}`, writing: false, count: 0 })),
    );
  }

  /** Milliseconds since the load began, the clock of all it says. */
  now(): number {
    return performance.now() - this.began;
  }

  /** What may have been stored. */
  get items(): readonly { readonly service: string; readonly id: string }[] {
    return this.keys.filter(({ count }) => count > 0).map(({ service, id }) => ({ service: service.name, id }));
  }

  start(): void {
    const from = performance.now();
    this.timer = setInterval(() => {
      const due = ((performance.now() - from) / 1_000) * this.options.rate;
      for (; this.sent < due; this.sent++) this.send();
    }, tickMs);
  }

  /** Ends the load; resolves when all is answered, or has been waited for. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.open);
  }

  /** Reads every item back, at the rate. */
  async readBack(): Promise<void> {
    const pauseMs = 1_000 / this.options.rate;
    for (const key of this.keys.filter(({ count }) => count > 0)) {
      for (let tries = 0; tries < 5 && !(await this.get(key)); tries++);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  private send(): void {
    const key = this.keys[this.sent % this.keys.length]!;
    const free = this.sent % putEvery === 0 ? this.freeKey(this.sent) : undefined;
    const asked: Promise<void> = (free === undefined ? this.get(key) : this.put(free)).then(() => {
      this.open.delete(asked);
    });
    this.open.add(asked);
  }

  private freeKey(from: number): Key | undefined {
    const { keys } = this;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[(from / putEvery + i) % keys.length]!;
      if (!key.writing) return key;
    }
    return undefined;
  }

  private async put(key: Key): Promise<void> {
    key.writing = true;
    const value = ++key.count;
    const { service, id } = key;
    const body = JSON.stringify(service.bodyOf(value));
    const headers = { authorization: `Bearer ${this.options.token}`, "content-type": "application/json" };
    const { start, end, status } = await this.ask(service, "put", service.pathOf(id), { method: "PUT", headers, body });
    key.writing = false;
    // Answers below 500 say that nothing was stored.
    if (typeof status === "number" && status >= 300 && status < 500) return;
    const done = typeof status === "number" && status < 300;
    this.history.push({ key: `${service.name}/${id}`, kind: "put", value, start, ...(done ? { end } : {}) });
  }

  private async get(key: Key): Promise<boolean> {
    const { service, id } = key;
    const { start, end, status, json } = await this.ask(service, "get", service.pathOf(id), { method: "GET" });
    const read = status === 404 ? 0 : status === 200 ? service.valueOf(json) : undefined;
    if (read === undefined) return false;
    this.history.push({ key: `${service.name}/${id}`, kind: "get", value: read, start, end });
    return true;
  }

  private async ask(
    service: LoadedService,
    kind: Asked["kind"],
    path: string,
    init: Parameters<typeof request>[1],
  ): Promise<Asked & { readonly json: unknown }> {
    const start = this.now();
    const { url, dispatcher, clientTimeoutMs } = this.options;
    const signal = AbortSignal.timeout(clientTimeoutMs);
    let status: Asked["status"];
    let json: unknown;
    try {
      const answer = await request(`${url}${path}`, { ...init, dispatcher, signal });
      json = await answer.body.json().catch(() => undefined);
      status = answer.statusCode;
    } catch {
      status = signal.aborted ? "no answer" : "broken";
    }
    const asked = { service: service.name, kind, start, end: this.now(), status };
    this.asked.push(asked);
    return { ...asked, json };
  }
}
