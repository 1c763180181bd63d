import { type ClientRequestArgs, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

/** A request as it is sent, with the headers of its signature. */
export interface Sent {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
}

/** An answer that was read to its end. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Longest answer that is read. */
const maxAnswerBytes = 1_048_576;
const options = { keepAlive: true, maxSockets: 32 };

/**
 * Sends requests to one origin over connections that are kept, at most 32 at a time. It fails when there is no answer, when
 * the signal says that nothing waits for it any more, and when the answer is over 1 MiB.
 * @param origin  @example "https://internal.example.com"
 */
export function connectionTo(origin: string): (path: string, sent: Sent) => Promise<Answer> {
  const secure = new URL(origin).protocol === "https:";
  const agent = secure ? new HttpsAgent(options) : new HttpAgent(options);
  const request = secure ? httpsRequest : httpRequest;
  return (path, { method, headers, body, signal }) => {
    const more: ClientRequestArgs = { agent, method, headers, signal };
    return new Promise((resolve, reject) => {
      const call = request(new URL(path, origin), more, (answer) => {
        textOf(answer).then((text) => resolve({ status: answer.statusCode ?? 0, text }), reject);
      });
      call.once("error", reject).end(body);
    });
  };
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer) {
    length += chunk.length;
    if (length > maxAnswerBytes) throw new Error(`its answer is over ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
