import type { IncomingHttpHeaders } from "node:http";

/** A request to AWS, its body read whole. */
export interface Ask {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Of the signature. */
  readonly region: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** An error as AWS has it. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** For what the Pulumi command line was not seen to ask. */
export function notBuilt(what: string): Refusal {
  return new Refusal(501, "NotImplemented", `the stand-in for AWS has no ${what}`);
}
