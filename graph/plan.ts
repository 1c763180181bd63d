import program from "../stacks";
import { parseStackName } from "../stacks/stack-name";
import { capture } from "./capture/capture";
import type { Graph } from "./model";
import { readProject, withEverything } from "./project";
import { projectRoot } from "./project-root";

/** Options of `planStack`. */
interface PlanOptions {
  /**
   * Folder of Pulumi.yaml.
   * @default this project
   */
  readonly root?: string;
  /**
   * Configuration by full key (`platform:regions`), with values as the CLI passes them.
   * @default the configuration files in `root`
   */
  readonly config?: Readonly<Record<string, string>>;
  /** Whether parts that the environment leaves out on AWS (`leaveOut`) are planned, too. @default false */
  readonly everything?: boolean;
  /**
   * Returns the outputs of another stack, named without organization and project.
   * @default the outputs of that stack's own plan
   */
  readonly siblings?: (stack: string) => Promise<Readonly<Record<string, unknown>>>;
}

const ORGANIZATION = "organization";

/**
 * Plans a stack: runs the program as `pulumi preview` would, without engine, CLI or AWS account. The outputs of another
 * stack come from that stack's own plan.
 * @param stack  `prod`, `prod-compute`, `prod.eu-west-1`, `prod-compute.eu-west-1`
 * @throws {UserError | RunError} one sentence per problem
 */
export function planStack(stack: string, options: PlanOptions = {}): Promise<Graph> {
  return new Planner(options).plan(stack);
}

/** Plans stacks, each one once. */
class Planner {
  private readonly root: string;
  private readonly plans = new Map<string, Promise<Graph>>();

  constructor(private readonly options: PlanOptions) {
    this.root = options.root ?? projectRoot;
  }

  plan(stack: string): Promise<Graph> {
    const known = this.plans.get(stack);
    if (known) return known;
    const plan = this.run(stack);
    this.plans.set(stack, plan);
    return plan;
  }

  private async run(stack: string): Promise<Graph> {
    const { environment } = parseStackName(stack);
    const files = readProject(this.root, environment);
    const { config = files.config, everything } = this.options;
    const graph = await capture(program, {
      project: files.project,
      stack,
      organization: ORGANIZATION,
      config: everything ? withEverything(files.project, config) : config,
      stackOutputs: async (name) => {
        const sibling = name.slice(name.lastIndexOf("/") + 1);
        return this.options.siblings?.(sibling) ?? (await this.plan(sibling)).outputs;
      },
    });
    const leftOut: string[] = JSON.parse(config[`${files.project}:leaveOut`] ?? "[]");
    return leftOut.length > 0 ? { ...graph, leftOut } : graph;
  }
}
