import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type Agent, type IncomingHttpHeaders, request } from "node:http";
import { createInterface } from "node:readline";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A bundled server as a child process; `line` waits for a log line with this `msg`. */
export interface Running {
  readonly child: ChildProcess;
  readonly port: number;
  readonly exited: Promise<{ code: number | null; stderr: string }>;
  line(message: string): Promise<Record<string, unknown>>;
  ask(
    path: string,
    options?: { method?: string; headers?: Record<string, string>; body?: string | Buffer; agent?: Agent },
  ): Promise<Answer>;
}

/** Starts a script and collects its log lines. */
export function start(script: string, env: Record<string, string>) {
  const variables = { PATH: process.env["PATH"] ?? "", PYTHONDONTWRITEBYTECODE: "1", ...env };
  const child = spawn(script.endsWith(".py") ? "python3" : process.execPath, [script], { env: variables });
  const lines: Record<string, unknown>[] = [];
  let stderr = "";
  let notify = () => {};
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk;
  });
  createInterface(child.stdout).on("line", (line) => {
    lines.push(JSON.parse(line));
    notify();
  });
  const exited = once(child, "close").then(([code]) => ({ code: code as number | null, stderr }));
  const line = (message: string): Promise<Record<string, unknown>> => {
    const found = lines.find(({ msg }) => msg === message);
    return found
      ? Promise.resolve(found)
      : new Promise<void>((resolve) => {
          notify = resolve;
        }).then(() => line(message));
  };
  return { child, exited, line };
}

/** Starts a server on a free port and waits until it listens. */
export async function startServer(script: string, env: Record<string, string>): Promise<Running> {
  const process = start(script, { PORT: "0", HOST: "127.0.0.1", ...env });
  const died = process.exited.then(({ stderr }) => Promise.reject(new Error(`the server ended: ${stderr}`)));
  const listening = await Promise.race([process.line("listening"), died]);
  died.catch(() => {});
  const port = Number(listening["port"]);
  return { ...process, port, ask: (path, options = {}) => ask(port, path, options) };
}

/** Node's client sends the path as it is, where fetch would tidy it up. */
function ask(
  port: number,
  path: string,
  { body, ...options }: Parameters<Running["ask"]>[1] & object,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port, path, ...options }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) {
        chunks.push(chunk);
      }
      resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks).toString() });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
