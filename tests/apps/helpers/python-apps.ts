import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { HttpError } from "../../../apps/kit/errors";
import type { LogLevel } from "../../../apps/kit/log";
import type { Item, ItemRepository } from "../../../apps/kit/repository";
import { projectRoot } from "../../../graph/project-root";

/** What an app in Python is given, as `AppDependencies` without what only TypeScript has. */
interface PythonDependencies {
  readonly items: ItemRepository<Item>;
  readonly level: LogLevel;
  readonly requestTimeoutSeconds: number;
  readonly write: (line: string) => void;
  /** Environment variables of its Lambda function. @default none */
  readonly env?: Readonly<Record<string, string>>;
}

/** The part of an app that tests use. */
interface PythonApp {
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Handles a Lambda event. */
  invoke(event: object): Promise<unknown>;
}

type Message = Readonly<Record<string, unknown>>;

const gatewayLimitBytes = 10 * 1024 * 1024;
const apps: PythonDependencies[] = [];
const waiting = new Map<
  number,
  { readonly resolve: (message: Message) => void; readonly reject: (error: Error) => void }
>();
let child: ChildProcessWithoutNullStreams | undefined;
let lastId = 0;
/** Why the process has ended; what is asked then has no answer. */
let ended: Error | undefined;

/**
 * Makes the app of a service in Python over the items of a test. One process of Python runs those of all tests; it ends
 * with this one. It needs Python 3.11 and no package. Its idempotency keys are not kept.
 * @param module  module that has the service @default that of the service itself
 */
export function pythonApp(service: string, dependencies: PythonDependencies, module = "app"): PythonApp {
  const app = apps.push(dependencies) - 1;
  const { level, requestTimeoutSeconds, env = {} } = dependencies;
  tell({ app, module, service: service.replaceAll("-", "_"), level, requestTimeoutSeconds, env });
  return {
    async request(path, init) {
      const request = new Request(`http://localhost${path}`, init);
      const [, plain = "", query = ""] = /^([^?]*)\??(.*)$/s.exec(path)!;
      const headers = Object.fromEntries(request.headers);
      const body = await bodyOf(request);
      const sent = { method: request.method, path: plain, query, headers, body: body?.toString("base64") ?? null };
      const answer = await ask({ app, request: sent });
      const bytes = Buffer.from(answer["body"] as string, "base64");
      return new Response(bytes, {
        status: answer["status"] as number,
        headers: answer["headers"] as Record<string, string>,
      });
    },
    async invoke(event) {
      const { result, error } = await ask({ app, event });
      if (error !== undefined) throw new Error(String(error));
      return result;
    },
  };
}

/** Reads a body as the server does: undefined when it is larger than any gateway lets through. */
async function bodyOf(request: Request): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of request.body ?? []) {
    total += chunk.byteLength;
    if (total > gatewayLimitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function ask(message: Message): Promise<Message> {
  const id = ++lastId;
  return new Promise((resolve, reject) => {
    if (ended) return reject(ended);
    waiting.set(id, { resolve, reject });
    tell({ id, ...message });
    child!.ref();
  });
}

function tell(message: Message): void {
  child ??= startPython();
  child.stdin.write(`${JSON.stringify(message)}\n`);
}

function startPython(): ChildProcessWithoutNullStreams {
  const folders = ["apps/kit-python", "apps/reviews", "tests/apps/helpers/python"].map((folder) =>
    join(projectRoot, folder),
  );
  const python = spawn("python3", [join(__dirname, "python_apps.py")], {
    env: { PATH: process.env["PATH"], PYTHONPATH: folders.join(":"), PYTHONDONTWRITEBYTECODE: "1" },
  });
  python.stderr.pipe(process.stderr);
  // A write to one that has ended fails; what was asked says so.
  python.stdin.on("error", () => {});
  const end = (reason: string) => {
    ended ??= new Error(`the process of the apps in Python ended: ${reason}`);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  python.on("error", ({ message }) => end(message));
  python.on("exit", (code, signal) => end(`exit code ${code ?? signal}`));
  createInterface(python.stdout).on("line", (line) => void receive(python, JSON.parse(line)));
  // Tests end while it waits for their next request.
  for (const handle of [python, python.stdin, python.stdout, python.stderr]) (handle as { unref?(): void }).unref?.();
  return python;
}

async function receive(python: ChildProcessWithoutNullStreams, message: Message): Promise<void> {
  const { id, app, line, call } = message;
  if (id !== undefined) {
    const asked = waiting.get(id as number);
    waiting.delete(id as number);
    if (waiting.size === 0) python.unref();
    asked?.resolve(message);
  } else if (line !== undefined) {
    apps[app as number]!.write(line as string);
  } else {
    const reply = await callItems(apps[app as number]!.items, message);
    python.stdin.write(`${JSON.stringify({ call, ...reply })}\n`);
  }
}

async function callItems(items: ItemRepository<Item>, { operation, argument }: Message): Promise<Message> {
  try {
    return { value: await items[operation as "get" | "put" | "list"](argument as never) };
  } catch (error) {
    const { message, cause } = error as Error;
    const told = error instanceof HttpError ? { status: error.status, code: error.code } : {};
    return { failure: { message, ...told, cause: cause instanceof Error ? cause.message : undefined } };
  }
}
