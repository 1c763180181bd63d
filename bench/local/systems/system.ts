import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";

/** Something that answers requests, in processes of its own. */
export interface System {
  readonly name: string;
  /** Origin: `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Name in the Host header of requests. @default that of the URL */
  readonly host?: string;
  /** Bearer tokens of its callers, for a system that asks for one. */
  readonly tokens?: readonly string[];
  /** Its processes are this one and those that it started. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a file of this folder in a process, which sends its URL when it listens. */
export async function startSystem(name: string, file: string, args: readonly string[] = []): Promise<System> {
  const child = fork(join(__dirname, file), args, { execArgv: ["-r", "ts-node/register/transpile-only"] });
  const { url, tokens } = await firstMessage(child);
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  };
  return { name, url, ...(tokens && { tokens }), pid: child.pid!, stop };
}

function firstMessage(child: ChildProcess): Promise<{ readonly url: string; readonly tokens?: readonly string[] }> {
  return new Promise((resolve, reject) => {
    child.once("message", (message) => resolve(message as { url: string }));
    child.once("exit", (code) => reject(new Error(`exit code ${code}`)));
  });
}
