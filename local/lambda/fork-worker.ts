import { type ChildProcess, fork } from "node:child_process";
import { join, resolve } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { smallHeapArguments, smallHeapVariables } from "../processes/memory";
import type { FunctionSpec } from "./function-spec";
import type { FunctionPoolOptions } from "./pool-options";

/** Starts the process of one execution environment of a function, with the planned variables at addresses of this machine. */
export function forkWorker(spec: FunctionSpec, options: FunctionPoolOptions): ChildProcess {
  const cwd = resolve(options.root, spec.cwd);
  const planned = Object.entries(spec.env).map(([name, value]) => [name, options.addresses?.get(value) ?? value]);
  return fork(join(projectRoot, "local/lambda/function-runtime.cjs"), [join(cwd, spec.file), spec.export], {
    cwd,
    detached: true,
    env: {
      PATH: process.env["PATH"],
      ...smallHeapVariables,
      ...Object.fromEntries(planned),
      ...options.overrides(spec),
      AWS_REGION: spec.region,
      AWS_LAMBDA_FUNCTION_NAME: spec.functionName,
    },
    execArgv: [...smallHeapArguments, `--max-old-space-size=${spec.memoryMegabytes}`],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
}
