import { join } from "node:path";
import { bundle } from "../../../apps/bundle";
import { projectRoot } from "../../../graph/project-root";

type Call = (...args: unknown[]) => Promise<any>;

/** The exports of a built app, and what they have logged. */
export interface LoadedBundle {
  readonly handler: Call;
  readonly streamingHandler?: Call;
  readonly preTokenGeneration: Call;
  lines(): string;
}

/**
 * Loads the built handler of an app into this process, as Lambda does. It is loaded and runs with these environment
 * variables; what it writes to stdout meanwhile is caught.
 */
export async function loadBundle(name: string, env: Readonly<Record<string, string>>): Promise<LoadedBundle> {
  const { [name]: artifact } = await bundle([name]);
  const file = join(projectRoot, artifact!.directory, "handler.cjs");
  let written = "";
  const within = async <T>(run: () => Promise<T>): Promise<T> => {
    const { env: before, stdout } = process;
    const { write } = stdout;
    process.env = { ...before, ...env };
    stdout.write = ((text: string) => {
      written += text;
      return true;
    }) as never;
    try {
      return await run();
    } finally {
      process.env = before;
      stdout.write = write;
    }
  };
  delete require.cache[file];
  const exported = await within(async () => require(file));
  const wrapped =
    (call: Call) =>
    (...args: unknown[]) =>
      within(() => call(...args));
  const calls = Object.entries<Call>(exported).map(([handler, call]) => [handler, wrapped(call)]);
  return { ...Object.fromEntries(calls), lines: () => written };
}
