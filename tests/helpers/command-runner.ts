import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { End } from "./command";

/** One process that runs many command lines, one after the other. */
export class CommandRunner {
  private readonly child: ChildProcess = fork(join(__dirname, "command-runner.cjs"), { execArgv: [] });

  run(...args: string[]): Promise<End> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`the process ended while it ran ${args.join(" ")}`));
      this.child.once("exit", ended).once("message", (end) => {
        this.child.off("exit", ended);
        resolve(end as End);
      });
      this.child.send(args);
    });
  }

  async stop(): Promise<void> {
    const ended = once(this.child, "exit");
    this.child.disconnect();
    await ended;
  }
}
