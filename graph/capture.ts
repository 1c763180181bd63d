import * as pulumi from "@pulumi/pulumi";
import type { Graph, PlannedResource } from "./model";
import { PlanMonitor, type ProviderAnswer, type World } from "./monitor";
import { answerFor } from "./outputs";
import { collectRejections } from "./rejections";
import { plain, unknownPaths } from "./wire";

// Absent from the type declarations; the Automation API runs inline programs with it.
const { getStore, withLocalStorage } = require("@pulumi/pulumi/runtime/state") as {
  getStore(): Record<string, unknown>;
  withLocalStorage<T>(run: () => Promise<T>): Promise<T>;
};

export interface CaptureOptions {
  /** Default `platform`. */
  readonly project?: string;
  /** Default `test`. */
  readonly stack?: string;
  /** Default `organization`, as the file backend calls it. */
  readonly organization?: string;
  /** Full keys (`platform:regions`); values as the CLI passes them: strings, JSON for the rest. */
  readonly config?: Readonly<Record<string, string>>;
  /** Outputs of a sibling stack, by its full name `<organization>/<project>/<stack>`. Default: refuse. */
  readonly stackOutputs?: (name: string) => Promise<Record<string, unknown>>;
  /** What becomes of an input whose value the plan cannot know. Default `refuse`. */
  readonly unknowns?: "refuse" | "keep";
}

/** The program, or the plan of it, is wrong. One sentence per problem. */
export class PlanError extends Error {
  override readonly name = "PlanError";
}

/**
 * Runs a Pulumi program without engine, CLI or account, and returns what it registered.
 * @throws {PlanError} on a duplicate name, on an input that depends on an output the resource does not have, or on
 *   a failure nobody awaited; @throws what the program throws.
 */
export async function capture(program: () => unknown, options: CaptureOptions = {}): Promise<Graph> {
  const { project = "platform", stack = "test", organization = "organization" } = options;
  const monitor = new PlanMonitor(project, stack, worldOf(options));
  await withLocalStorage(async () => {
    // Preview mode: an output nobody supplies is unknown, so that its use can be found; it would be undefined else.
    pulumi.runtime.setMockOptions(monitor, project, stack, true, organization);
    Object.assign(getStore(), { supportsSecrets: true, supportsResourceReferences: true, supportsOutputValues: false });
    pulumi.runtime.setAllConfig({ ...options.config });
    await withoutStackTraces(() => collectRejections(() => run(program))).catch((error) => {
      throw monitor.problems.length > 0 ? new PlanError(monitor.problems.join("\n")) : error;
    });
  });
  const graph: Graph = {
    project,
    stack,
    resources: [...monitor.planned.values()].sort((a, b) => (a.urn < b.urn ? -1 : 1)),
    outputs: plain(monitor.stackOutputs, "hidden"),
  };
  const problems = options.unknowns === "keep" ? [] : unknownProblems(graph);
  if (problems.length > 0) throw new PlanError(problems.join("\n"));
  return graph;
}

async function run(program: () => unknown): Promise<void> {
  try {
    await pulumi.runtime.runInPulumiStack(async () => program());
  } finally {
    await pulumi.runtime.disconnect(); // waits until the last registration is answered
  }
}

/** The SDK formats a stack per promise; without them a plan is ten times faster. */
async function withoutStackTraces(work: () => Promise<void>): Promise<void> {
  const limit = Error.stackTraceLimit;
  if (process.env["PLATFORM_STACKS"] === undefined) Error.stackTraceLimit = 0;
  try {
    await work();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function worldOf(options: CaptureOptions): World {
  return {
    create: answerFor,
    async read({ type, name }): Promise<ProviderAnswer> {
      if (type !== "pulumi:pulumi:StackReference") {
        throw new PlanError(
          `${type} "${name}" is read from AWS; a plan has no account to ask, pass the value in config`,
        );
      }
      if (options.stackOutputs === undefined) throw new PlanError(`stack "${name}" was referenced, but none is known`);
      return { outputs: { name, outputs: await options.stackOutputs(name), secretOutputNames: [] } };
    },
  };
}

/** An input that stays unknown depends on an output that the tables in graph/outputs do not have. */
function unknownProblems(graph: Graph): string[] {
  const names = new Map(graph.resources.map((resource) => [resource.urn, `${resource.type} "${resource.name}"`]));
  const problem = (resource: PlannedResource, path: string) => {
    const key = path.split(".")[0] ?? path;
    const sources = (resource.propertyDependencies[key] ?? []).map((urn) => names.get(urn) ?? urn).join(", ");
    return `${resource.type} "${resource.name}": input ${path} is not known; it needs an output that ${sources || "its source"} does not have; mend the program, or add the output to graph/outputs`;
  };
  return [
    ...graph.resources.flatMap((resource) => unknownPaths(resource.inputs).map((path) => problem(resource, path))),
    ...unknownPaths(graph.outputs).map(
      (path) =>
        `stack output ${path} is not known; it needs an output that its resource does not have; mend the program, or add the output to graph/outputs`,
    ),
  ];
}
