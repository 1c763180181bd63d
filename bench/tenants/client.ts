import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import type { Arrival } from "./settings";

/** What the client gets first: where to send requests, and each tenant's token. */
export interface Target {
  readonly origin: string;
  readonly host: string;
  readonly path: string;
  readonly tokens: readonly string[];
}

/** What became of a request. */
export interface Outcome {
  readonly tenant: number;
  /** When it was sent over a connection, in milliseconds from the start of the run. */
  readonly sentAt: number;
  /** From the moment it was due to the end of its answer, so that a wait of the client counts as one of the gateway. */
  readonly milliseconds: number;
  /** 0 when no whole answer came. */
  readonly status: number;
}

/** What became of a run's requests. */
export interface Outcomes {
  readonly requests: readonly Outcome[];
  /** Different bodies of answers with status 429. */
  readonly refusals: readonly string[];
}

const connections = 128;
/** Requests that wait for a connection at most; a further one is not sent and counts as failed. */
const mostWaiting = 4_000;
const timeoutMilliseconds = 10_000;

/** Sends requests when they are due, whatever became of those before (an open loop). */
export class Client {
  private readonly pool: Pool;

  constructor(private readonly target: Target) {
    const limits = { headersTimeout: timeoutMilliseconds, bodyTimeout: timeoutMilliseconds };
    this.pool = new Pool(target.origin, { connections, pipelining: 1, ...limits });
  }

  /** @param arrivals  in the order in which they are due */
  async run(arrivals: readonly Arrival[]): Promise<Outcomes> {
    const requests: Outcome[] = [];
    const refusals = new Set<string>();
    const waiting: Arrival[] = [];
    const sending = new Set<Promise<void>>();
    const startedAt = performance.now();
    const now = () => performance.now() - startedAt;
    const sendNext = () => {
      while (sending.size < connections && waiting.length > 0) {
        const { tenant, at } = waiting.shift()!;
        const sentAt = now();
        const end = (status: number) => {
          requests.push({ tenant, sentAt, milliseconds: now() - at, status });
          sending.delete(sent);
          sendNext();
        };
        const sent = this.send(tenant, refusals).then(end, () => end(0));
        sending.add(sent);
      }
    };
    for (const arrival of arrivals) {
      // Timers are precise to a millisecond: what is due within one is sent together.
      if (arrival.at > now()) await sleep(Math.max(1, arrival.at - now()));
      if (waiting.length < mostWaiting) waiting.push(arrival);
      else requests.push({ tenant: arrival.tenant, sentAt: now(), milliseconds: now() - arrival.at, status: 0 });
      sendNext();
    }
    while (sending.size > 0) await Promise.all(sending);
    return { requests, refusals: [...refusals] };
  }

  private async send(tenant: number, refusals: Set<string>): Promise<number> {
    const { host, path, tokens } = this.target;
    const headers = { host, authorization: `Bearer ${tokens[tenant]}` };
    const { statusCode, body } = await this.pool.request({ path, method: "GET", headers });
    if (statusCode === 429) refusals.add(await body.text());
    else await body.dump();
    return statusCode;
  }
}
