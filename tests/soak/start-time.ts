import { Command, Folder } from "../helpers/command";
import type { Soak } from "./run";

/** Longest time from the execution to the line `ready`, on two cores that do nothing else. */
const limits: Readonly<Record<string, number>> = { dev: 3_000, prod: 6_000 };

/** Measures how long dev and prod take to be ready; the median counts. */
export const startTime: Soak = {
  name: "start-time",
  what: "time from exec to ready of dev and prod (5 times)",
  async run({ count = 5, say }) {
    const problems: string[] = [];
    for (const [stack, limit] of Object.entries(limits)) {
      const took: number[] = [];
      for (let i = 0; i < count; i++) took.push(await measure(stack));
      const median = took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)]!;
      say(`${stack}: ready after ${median} ms (${took.join(", ")})`);
      if (median > limit) problems.push(`${stack} takes ${median} ms; at most ${limit}`);
    }
    return problems;
  },
};

async function measure(stack: string): Promise<number> {
  const folder = new Folder();
  const startedAt = Date.now();
  const command = new Command(folder, ["start", "--stack", stack, "--port", "0", "--state", folder.state]);
  await command.says(/^ready /m, 60_000);
  const took = Date.now() - startedAt;
  command.child.kill("SIGINT");
  await command.ended;
  await command.gone();
  folder.remove();
  return took;
}
