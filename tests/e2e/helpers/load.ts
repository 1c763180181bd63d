import { Agent, request } from "undici";
import { until } from "../../local/helpers/wait";

/** An answer that was not 200, or why there was none. */
interface Failure {
  readonly at: number;
  readonly what: string;
}

/** Requests for one URL at a steady rate, of which who answered is kept. They go on when answers are late. */
export class Load {
  readonly failures: Failure[] = [];
  /** By `x-served-by`: when the first and the last request that this one answered was sent, in milliseconds. */
  readonly by = new Map<string, { first: number; last: number; answers: number }>();
  private readonly agent = new Agent({ connections: 32 });
  private readonly timer: NodeJS.Timeout;
  private readonly open = new Set<Promise<void>>();

  /** @param perSecond  requests */
  constructor(
    private readonly url: string,
    perSecond: number,
  ) {
    this.timer = setInterval(() => {
      const one = this.send().finally(() => this.open.delete(one));
      this.open.add(one);
    }, 1_000 / perSecond);
  }

  get answers(): number {
    return [...this.by.values()].reduce((sum, { answers }) => sum + answers, 0);
  }

  /** Waits until so many further requests were answered. */
  async more(answers: number): Promise<void> {
    const enough = this.answers + answers;
    await until(`${answers} answers, after ${JSON.stringify(this.failures[0])}`, () => this.answers >= enough);
  }

  /** Waits until someone has answered. @returns when the request for the first answer was sent */
  async firstOf(servedBy: string, milliseconds: number): Promise<number> {
    await until(`an answer of ${servedBy}`, () => this.by.has(servedBy), milliseconds);
    return this.by.get(servedBy)!.first;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.open);
    await this.agent.close();
  }

  private async send(): Promise<void> {
    const at = Date.now();
    try {
      const { statusCode, headers, body } = await request(this.url, { dispatcher: this.agent });
      const text = await body.text();
      if (statusCode !== 200) this.failures.push({ at, what: `${statusCode} ${text.slice(0, 200)}` });
      const name = String(headers["x-served-by"]);
      const known = this.by.get(name);
      this.by.set(name, { first: known?.first ?? at, last: at, answers: (known?.answers ?? 0) + 1 });
    } catch (error) {
      this.failures.push({ at, what: String(error) });
    }
  }
}
