import { setTimeout as sleep } from "node:timers/promises";
import { Command, Folder } from "../helpers/command";
import type { Soak, SoakOptions } from "./run";

/** Longest time from a signal until no process is left. */
const endMilliseconds = 3_000;
/** Moments are chosen from the execution to this time after the platform was ready. */
const afterReadyMilliseconds = 5_000;

const start = (folder: Folder) => new Command(folder, ["start", "--port", "0", "--state", folder.state]);

/** Ends the platform of dev by SIGINT and SIGTERM in turn, each time at a random moment. */
export const signals: Soak = {
  name: "signals",
  what: "SIGINT or SIGTERM at random moments from exec to ready + 5 s (50 times)",
  run: (options) =>
    atRandomMoments(options, 50, async (command, folder, i) => {
      const [signal, expected] = i % 2 === 0 ? (["SIGINT", 130] as const) : (["SIGTERM", 143] as const);
      const signalledAt = Date.now();
      command.child.kill(signal);
      const { code } = await command.ended;
      await command.gone(30_000);
      const took = Date.now() - signalledAt;
      const left = folder.left();
      return {
        line: `${signal}, exit ${code}, gone after ${took} ms`,
        problems: [
          ...(code === expected ? [] : [`exit ${code} instead of ${expected}`]),
          ...(took <= endMilliseconds ? [] : [`took ${took} ms`]),
          ...left.map((file) => `left ${file}`),
        ],
      };
    }),
};

/** Kills the platform of dev at random moments, and starts it again from the same folder. */
export const kills: Soak = {
  name: "kills",
  what: "kill -9 of the supervisor at random moments, then another start from the same folder (20 times)",
  run: (options) =>
    atRandomMoments(options, 20, async (command, folder) => {
      command.child.kill("SIGKILL");
      await command.ended;
      const took = await command.gone(30_000);
      const next = start(folder);
      const ready = await next.says(/^ready /m, 60_000).then(
        () => [],
        (error: Error) => [`the next start failed: ${error.message}`],
      );
      next.child.kill("SIGINT");
      await next.ended;
      await next.gone(30_000);
      return { line: `killed, gone after ${took} ms, started again`, problems: [...ready, ...folder.left()] };
    }),
};

interface Outcome {
  readonly line: string;
  readonly problems: readonly string[];
}

/** Starts dev again and again, and ends each one by `end` at a random moment. */
async function atRandomMoments(
  { count, say }: SoakOptions,
  usual: number,
  end: (command: Command, folder: Folder, i: number) => Promise<Outcome>,
): Promise<readonly string[]> {
  const readyMilliseconds = await measureReady();
  say(`ready after ${readyMilliseconds} ms`);
  const found: string[] = [];
  for (let i = 0; i < (count ?? usual); i++) {
    const folder = new Folder();
    const moment = Math.round(Math.random() * (readyMilliseconds + afterReadyMilliseconds));
    const command = start(folder);
    await sleep(moment);
    const { line, problems } = await end(command, folder, i);
    say(`${String(i + 1).padStart(3)}  after ${String(moment).padStart(5)} ms: ${line}`);
    found.push(...problems.map((problem) => `run ${i + 1}, after ${moment} ms: ${problem}`));
    folder.remove();
  }
  return found;
}

async function measureReady(): Promise<number> {
  const folder = new Folder();
  const startedAt = Date.now();
  const command = start(folder);
  await command.says(/^ready /m, 60_000);
  const took = Date.now() - startedAt;
  command.child.kill("SIGINT");
  await command.ended;
  folder.remove();
  return took;
}
