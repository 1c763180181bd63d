/** Starts one child of every kind, prints their process ids and the reaper's folder, and waits for its end. */
import { FunctionPool } from "../../../local/lambda/function-pool";
import { Reaper } from "../../../local/processes/reaper";
import { ServerProcess } from "../../../local/processes/server-process";
import { TimeScale } from "../../../local/time-scale";
import { until } from "./wait";

async function main(folder: string): Promise<void> {
  const reaper = new Reaper();
  const log = () => {};
  const env = { PORT: "0", HOST: "127.0.0.1", DRAIN_SECONDS: "600" };
  const shared = { cwd: folder, env, command: ["node", "server.cjs"], log, reaper, startSeconds: 15 };
  const server = await ServerProcess.start({ ...shared, title: "server" });
  const spec = {
    ...{ aliasArn: "", invokeArn: "", functionName: "", service: "", region: "", zones: ["a"], file: "handler.cjs" },
    ...{
      export: "handler",
      memoryMegabytes: 128,
      timeoutSeconds: 900,
      reservedConcurrency: 2,
    },
  };
  const pool = new FunctionPool(
    { ...spec, cwd: folder, env },
    { root: "/", overrides: () => ({}), time: new TimeScale(), log, reaper },
  );
  // Two processes, one of which never looks at its channel.
  for (const event of [{ do: "spin" }, { do: "sleep", ms: 600_000 }]) pool.invoke(event).catch(() => {});
  await until("two processes", () => pool.views().filter(({ health }) => health === "healthy").length === 2);
  const pids = [server.pid, ...pool.views().map(({ pid }) => pid)];
  console.log(JSON.stringify({ pids, folder: reaper.temporaryFolder }));
}

void main(process.argv[2]!);
