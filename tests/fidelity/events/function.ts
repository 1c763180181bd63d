import type { JsonValue } from "../match";

/** What a function does with a batch. Names are bodies of messages, and ids of items. */
export type Behaviour =
  | "succeeds"
  | "throws"
  | { readonly throwsWith: string }
  | { readonly answers: JsonValue }
  /** Says that these have failed. */
  | { readonly reports: readonly string[] };

/** The function of a case: does one after the other, and then the last again. */
export class CaseFunction {
  readonly events: any[] = [];
  /** Names in each batch. */
  readonly batches: string[][] = [];
  /** When each batch came, in milliseconds on the monotonic clock. */
  readonly times: number[] = [];
  behaviours: readonly Behaviour[] = ["succeeds"];

  async invoke(event: any): Promise<unknown> {
    const records: any[] = Array.isArray(event) ? event : (event.Records ?? []);
    const named = records.map((record) => ({ name: nameOf(record), id: idOf(record) }));
    const behaviour = this.behaviours[Math.min(this.events.length, this.behaviours.length - 1)]!;
    this.events.push(event);
    this.batches.push(named.map(({ name }) => name));
    this.times.push(performance.now());
    if (behaviour === "succeeds") return null;
    if (behaviour === "throws") throw new Error("f: Error: no");
    if ("answers" in behaviour) return behaviour.answers;
    if ("throwsWith" in behaviour) {
      if (named.some(({ name }) => name === behaviour.throwsWith)) throw new Error("f: Error: no");
      return null;
    }
    const failed = named.filter(({ name }) => behaviour.reports.includes(name));
    // In the order in which they are reported.
    failed.sort((a, b) => behaviour.reports.indexOf(a.name) - behaviour.reports.indexOf(b.name));
    return { batchItemFailures: failed.map(({ id }) => ({ itemIdentifier: id })) };
  }
}

function nameOf({ body, dynamodb }: any): string {
  return body ?? dynamodb?.Keys.id.S ?? "";
}

function idOf({ messageId, dynamodb }: any): string {
  return messageId ?? dynamodb?.SequenceNumber ?? "";
}
