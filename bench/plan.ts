import { execFileSync, spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { buildSync } from "esbuild";
import { catalog } from "../apps/catalog";
import { capture } from "../graph/capture/capture";
import { readProject } from "../graph/project";
import { projectRoot } from "../graph/project-root";
import { patternNames } from "../infra/compute/registry";
import { parseConfig } from "../stacks/config/read";
import { type ConfiguredService, configuredServices } from "../stacks/config/services";
import { deploy } from "../stacks/program";
import { References } from "../stacks/references";

/**
 * What a resource costs to plan, in processor time, as platforms grow: the real layers, over more and more services, each run in a process
 * of its own after a small plan that warms it up. Then the wall time of the command itself. `npm run bench [runs]`.
 *
 * Exits with 1 when a resource costs more than one and a half times what it costs in the next smaller platform.
 */
const sizes = [8, 106, 360];
const worstRatio = 1.5;

interface Sample {
  readonly resources: number;
  /** Processor time, which neighbours on the machine disturb less than the clock. */
  readonly cpuMilliseconds: number;
  readonly milliseconds: number;
  /** Most memory the process ever held. */
  readonly peakMegabytes: number;
}

function main(runs: number): void {
  build();
  try {
    report(runs);
  } finally {
    rmSync(bundle);
  }
}

function report(runs: number): void {
  console.log("services  resources   plan ms    cpu ms   cpu us per resource   ratio   peak MB");
  let previous: number | undefined;
  let failed = false;
  for (const services of sizes) {
    const samples = Array.from({ length: runs }, () => inProcess(services));
    const { resources } = samples[0]!;
    const milliseconds = median(samples.map((run) => run.milliseconds));
    const cpu = median(samples.map((run) => run.cpuMilliseconds));
    const each = (cpu / resources) * 1000;
    const ratio = previous === undefined ? undefined : each / previous;
    failed ||= (ratio ?? 0) > worstRatio;
    previous = each;
    const peak = median(samples.map(({ peakMegabytes }) => peakMegabytes));
    const cells = [services, resources, milliseconds, cpu, each].map((cell) => cell.toFixed(0));
    cells.push(ratio?.toFixed(2) ?? "-", peak.toFixed(0));
    console.log(cells.map((cell, i) => cell.padStart([8, 11, 10, 10, 22, 8, 10][i]!)).join(""));
  }
  const wall = Array.from({ length: runs }, command);
  console.log(`plan prod --json: ${median(wall).toFixed(0)} ms wall (${wall.map((ms) => ms.toFixed(0)).join(", ")})`);
  if (!failed) return;
  console.error(`a resource costs more than ${worstRatio} times what it costs in a smaller platform`);
  process.exitCode = 1;
}

/** Bundled as the command is: compiling as it loads would slow every stack that the SDK looks at. */
const bundle = join(projectRoot, ".cache", `bench-plan-${process.pid}.cjs`);

function build(): void {
  buildSync({
    entryPoints: [__filename],
    outfile: bundle,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    target: "node20",
    logLevel: "error",
  });
}

function inProcess(services: number): Sample {
  const args = [bundle, "sample", String(services)];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: projectRoot, encoding: "utf8" }));
}

/** Milliseconds from start to end of the command. */
function command(): number {
  const started = performance.now();
  const args = [join(projectRoot, "cli", "platform.cjs"), "plan", "prod", "--json"];
  const { stdout, stderr } = spawnSync(process.execPath, args, { maxBuffer: 100_000_000 });
  const elapsed = performance.now() - started;
  if (JSON.parse(String(stdout) || "{}").stack !== "prod") throw new Error(`plan prod failed: ${stderr}`);
  return elapsed;
}

async function sample(services: number): Promise<void> {
  await plan(sizes[0]!);
  const [started, used] = [performance.now(), process.cpuUsage()];
  const resources = await plan(services);
  const milliseconds = performance.now() - started;
  const { user, system } = process.cpuUsage(used);
  const cpuMilliseconds = (user + system) / 1000;
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  const result: Sample = { resources, cpuMilliseconds, milliseconds, peakMegabytes };
  process.stdout.write(JSON.stringify(result));
}

/** Plans dev with so many services, the patterns in turn; returns the number of resources. */
async function plan(count: number): Promise<number> {
  const { config: texts } = readProject(projectRoot, "dev");
  const raw = Object.entries(texts).map(([key, text]) => [key.slice("platform:".length), parsed(text)]);
  const config = parseConfig(Object.fromEntries(raw), "dev", catalog);
  const services = synthetic(configuredServices(config, catalog)[0]!, count);
  const artifact = (name: string) => ({
    hash: "ab".repeat(32),
    directory: `.artifacts/${name}`,
    runtime: "node" as const,
  });
  const artifacts = Object.fromEntries(services.map(({ name }) => [name, artifact(name)]));
  const references = new References({ environment: "dev" }, (stack) => stack);
  const program = () => deploy({ stackName: { environment: "dev" }, config, services, artifacts, references });
  return (await capture(program, { stack: "dev" })).resources.length;
}

/** Copies of a service under names, paths, scopes and ports of their own. */
function synthetic(template: ConfiguredService, count: number): ConfiguredService[] {
  return Array.from({ length: count }, (_, i) => {
    const name = `service-${i + 1}`;
    const own = (text: string) => text.replace(template.name, name);
    return {
      ...template,
      name,
      pattern: patternNames[i % patternNames.length]!,
      port: 10_000 + i,
      routes: template.routes.map((route) => ({ ...route, path: own(route.path), scopes: route.scopes.map(own) })),
    };
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

if (process.argv[2] === "sample") void sample(Number(process.argv[3]));
else main(Number(process.argv[2] ?? 3));
