import { type ChildProcess, fork, spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { smallHeapArguments, smallHeapVariables } from "../processes/memory";
import type { FunctionSpec } from "./function-spec";
import type { FunctionPoolOptions } from "./pool-options";

/** Starts the process of one execution environment of a function, with the planned variables at addresses of this machine. */
export function forkWorker(spec: FunctionSpec, options: FunctionPoolOptions, zone: string): ChildProcess {
  const cwd = resolve(options.root, spec.cwd);
  const planned = Object.entries(spec.env).map(([name, value]) => [name, options.addresses?.get(value) ?? value]);
  const handler = [join(cwd, spec.file), spec.export];
  const env = {
    PATH: process.env["PATH"],
    ...smallHeapVariables,
    ...Object.fromEntries(planned),
    ...options.overrides(spec, zone),
    AWS_REGION: spec.region,
    AWS_LAMBDA_FUNCTION_NAME: spec.functionName,
  };
  const shared = { cwd, detached: true, env };
  if (spec.runtime === "python") {
    const runtime = join(projectRoot, "local/lambda/function_runtime.py");
    return spawn("python3", [runtime, ...handler], { ...shared, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  }
  return fork(join(projectRoot, "local/lambda/function-runtime.cjs"), handler, {
    ...shared,
    execArgv: [...smallHeapArguments, `--max-old-space-size=${spec.memoryMegabytes}`, ...(spec.arguments ?? [])],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
}
