import * as pulumi from "@pulumi/pulumi";
import type { Graph, PlannedResource } from "../model";
import { providerAnswer } from "../outputs";
import { UserError } from "../user-error";
import { PlanMonitor, type ProviderAnswer, type ProviderStandIn } from "./monitor";
import { collectRejections } from "./rejections";
import { toPlainData, unknownPaths } from "./wire";

// Absent from the type declarations; the Automation API runs inline programs with it.
const { getStore, LocalStore, withLocalStorage } = require("@pulumi/pulumi/runtime/state") as {
  getStore(): Store;
  LocalStore: new () => Store;
  withLocalStorage<T>(run: () => Promise<T>): Promise<T>;
};
type Store = Record<string, unknown>;

/** Options of `capture`. */
interface CaptureOptions {
  /** @default "platform" */
  readonly project?: string;
  /** @default "test" */
  readonly stack?: string;
  /** @default "organization", as the file state backend calls it */
  readonly organization?: string;
  /**
   * Configuration by full key (`platform:regions`). Values are as the CLI passes them: text, or JSON for all that is
   * not text.
   * @default no configuration
   */
  readonly config?: Readonly<Record<string, string>>;
  /**
   * Returns the outputs of another stack, named `<organization>/<project>/<stack>`.
   * @default every StackReference is refused
   */
  readonly stackOutputs?: (name: string) => Promise<Record<string, unknown>>;
  /**
   * Whether an input whose value is not known is refused, or kept as `"[unknown]"`.
   * @default "refuse"
   */
  readonly unknowns?: "refuse" | "keep";
}

/**
 * Runs a Pulumi program without engine, CLI or AWS account, and returns the resources that it registered.
 * @throws {UserError} when two resources have the same name, when an input depends on an output that is not in
 *   graph/outputs, or when the program reads or calls something that only an AWS account could answer
 * @throws what the program throws, or the first promise rejection that it does not handle
 */
export async function capture(program: () => unknown, options: CaptureOptions = {}): Promise<Graph> {
  const { project = "platform", stack = "test", organization = "organization" } = options;
  const monitor = new PlanMonitor(project, stack, standInOf(options), options.config?.["aws:region"]);
  await withOwnStore(async () => {
    // Preview mode: an output that nothing supplies is unknown instead of undefined, so that its use can be found.
    pulumi.runtime.setMockOptions(monitor, project, stack, true, organization);
    Object.assign(getStore(), { supportsSecrets: true, supportsResourceReferences: true, supportsOutputValues: false });
    pulumi.runtime.setAllConfig({ ...options.config });
    await withoutStackTraces(() => collectRejections(() => run(program))).catch((error) => {
      throw monitor.problems.length > 0 ? new UserError(monitor.problems.join("\n")) : error;
    });
  });
  const graph: Graph = {
    project,
    stack,
    resources: [...monitor.planned.values()].sort((a, b) => (a.urn < b.urn ? -1 : 1)),
    outputs: toPlainData(monitor.stackOutputs, "hidden"),
    lookedUp: [...monitor.lookedUp],
  };
  const problems = options.unknowns === "keep" ? [] : unknownProblems(graph);
  if (problems.length > 0) throw new UserError(problems.join("\n"));
  return graph;
}

async function run(program: () => unknown): Promise<void> {
  try {
    await pulumi.runtime.runInPulumiStack(async () => program());
  } finally {
    await pulumi.runtime.disconnect(); // waits until the last registration is answered
  }
}

/** Whether a capture may replace the store that a process has for the SDK's state. */
let storeIsFree = true;

/**
 * Runs `work` with a store of its own for the SDK's state. The SDK's own way is a store per chain of asynchronous calls,
 * for which Node observes every promise. Replacing the store of the process takes a tenth less of processor time. It is
 * not safe while another program runs, or after one that failed, whose promises may go on.
 */
async function withOwnStore(work: () => Promise<void>): Promise<void> {
  const holder = globalThis as { globalStore?: Store };
  const before = getStore();
  if (!storeIsFree || before !== holder.globalStore) return withLocalStorage(work);
  // What the packages of providers have registered as they were loaded is true of every program.
  const { resourcePackages, resourceModules } = before;
  holder.globalStore = Object.assign(new LocalStore(), { resourcePackages, resourceModules });
  storeIsFree = false;
  try {
    await work();
    storeIsFree = true;
  } finally {
    holder.globalStore = before;
  }
}

/**
 * Runs `work` without stack traces: the SDK formats one per promise and one per resource, and a plan without them is ten
 * times faster.
 */
async function withoutStackTraces(work: () => Promise<void>): Promise<void> {
  if (process.env["PLATFORM_STACKS"] !== undefined) return work();
  if (running++ === 0) before = { limit: errors.stackTraceLimit, callsites: sdk.callsites };
  // Where it is no number, V8 makes no stack at all; for 0 it makes and formats an empty one.
  errors.stackTraceLimit = undefined;
  sdk.callsites = () => [];
  try {
    await work();
  } finally {
    // Runs overlap, and may end in another order than they began.
    if (--running === 0) [errors.stackTraceLimit, sdk.callsites] = [before.limit, before.callsites];
  }
}

const errors = Error as { stackTraceLimit?: number | undefined };
/** Sets the limit itself, to report to the engine where in a program each resource is. */
const sdk = pulumi.Resource as unknown as { callsites(): unknown[] };
/** Runs of `withoutStackTraces`, and what was in place before the first of them. */
let running = 0;
let before: { limit: number | undefined; callsites: () => unknown[] };

function standInOf(options: CaptureOptions): ProviderStandIn {
  return {
    create: providerAnswer,
    async read({ type, name }): Promise<ProviderAnswer> {
      if (type !== "pulumi:pulumi:StackReference") {
        throw new UserError(
          `${type} "${name}" is read from AWS; a plan has no AWS account to ask, pass the value in config`,
        );
      }
      if (options.stackOutputs === undefined) throw new UserError(`stack "${name}" was referenced, but none is known`);
      return { outputs: { name, outputs: await options.stackOutputs(name), secretOutputNames: [] } };
    },
  };
}

/** Returns a problem for each input that is not known: it depends on an output that is not in graph/outputs. */
function unknownProblems(graph: Graph): string[] {
  const names = new Map(graph.resources.map((resource) => [resource.urn, `${resource.type} "${resource.name}"`]));
  const problem = (resource: PlannedResource, path: string) => {
    const key = path.split(".")[0] ?? path;
    const sources = (resource.propertyDependencies[key] ?? []).map((urn) => names.get(urn) ?? urn).join(", ");
    return `${resource.type} "${resource.name}": input ${path} is not known; it needs an output that ${sources || "its source"} does not have; fix the program, or add the output to graph/outputs`;
  };
  return [
    ...graph.resources.flatMap((resource) => unknownPaths(resource.inputs).map((path) => problem(resource, path))),
    ...unknownPaths(graph.outputs).map(
      (path) =>
        `stack output ${path} is not known; it needs an output that its resource does not have; fix the program, or add the output to graph/outputs`,
    ),
  ];
}

/**
 * The SDK watches each promise, to name at the end of the process those that never settled: each output of a resource has
 * four. They settle when the resource is registered, which is watched too. Not to watch them takes a tenth less of a plan's
 * processor time.
 */
const debuggable = require("@pulumi/pulumi/runtime/debuggable") as {
  debuggablePromise<T>(promise: Promise<T>, context: string): Promise<T>;
};
const { debuggablePromise } = debuggable;
debuggable.debuggablePromise = (promise, context) =>
  context.startsWith("transfer") ? promise : debuggablePromise(promise, context);
