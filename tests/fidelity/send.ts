import { Agent, request as httpRequest } from "node:http";
import type { CaseRequest } from "./cases";

/** An answer to a request of a case. */
export interface CaseAnswer {
  readonly status: number | undefined;
  /** Names in lower case; several values are joined. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Values by name in lower case, one for each line. */
  readonly headerLines: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  readonly bytes: Buffer;
}

/** Name under which node:http gets a header that it would refuse to send; the socket writes the real one. */
const placeholder = "x-sent-as-trailer";

class RawAgent extends Agent {
  override createConnection(...args: Parameters<Agent["createConnection"]>) {
    const socket = super.createConnection(...args)!;
    const write = socket.write.bind(socket) as (...written: unknown[]) => boolean;
    socket.write = ((chunk: unknown, ...rest: unknown[]) =>
      write(typeof chunk === "string" ? chunk.replace(placeholder, "Trailer") : chunk, ...rest)) as typeof socket.write;
    return socket;
  }
}

/** Sends with node:http, which adds nothing but Host and Connection, and sends paths and duplicates as they are. */
export function sendCase(
  port: number,
  { method = "GET", path = "/", from, ...rest }: CaseRequest,
  headersOf: (body: Buffer) => string[],
): Promise<CaseAnswer> {
  const body = bodyOf(rest.body);
  const agent = new RawAgent();
  const options = { host: "127.0.0.1", port, method, path, localAddress: from, agent, setHost: false } as const;
  const headers = headersOf(body).map((text, i) => (i % 2 === 0 && /^trailer$/i.test(text) ? placeholder : text));
  return new Promise((resolve, reject) => {
    const call = httpRequest({ ...options, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.once("end", () => {
        const bytes = Buffer.concat(chunks);
        const { statusCode: status, headersDistinct } = answer;
        resolve({
          status,
          headers: answer.headers,
          headerLines: headersDistinct as any,
          body: bytes.toString(),
          bytes,
        });
      });
    });
    call.once("error", reject).end(body);
  });
}

function bodyOf(body: CaseRequest["body"]): Buffer {
  if (body === undefined || typeof body === "string") return Buffer.from(body ?? "");
  return "base64" in body ? Buffer.from(body.base64, "base64") : Buffer.alloc(body.bytes, "x");
}

/** Returns the headers of a request as a flat list. `{ "length": n }` is a value of n characters. */
export function headerList(
  { headers = {} }: CaseRequest,
  body: Buffer,
  host: string,
  textOf: (value: string) => string = (value) => value,
): string[] {
  const flat = Array.isArray(headers)
    ? [...headers]
    : Object.entries(headers).flatMap(([name, value]) => [
        name,
        typeof value === "string" ? textOf(value) : "x".repeat(value.length),
      ]);
  const named = flat.some((name, i) => i % 2 === 0 && name.toLowerCase() === "host");
  const length = body.length > 0 ? ["content-length", String(body.length)] : [];
  return [...(named ? [] : ["host", host]), ...length, ...flat];
}
