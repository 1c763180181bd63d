import { delimiter, resolve } from "node:path";
import { findPython, type PythonHere, runsPython } from "./python";

/** A planned server group or function, as far as its language depends on it. */
interface Workload {
  readonly service: string;
  /** Folder of the artifact. */
  readonly cwd: string;
  /** Command of a server. */
  readonly command?: readonly string[];
  /** Language of a function. */
  readonly runtime?: "python";
}

/** The planned servers and functions that are written in Python, which a machine may lack: then the rest runs without them. */
export class PythonWorkloads {
  private readonly planned: readonly Workload[];
  private readonly found = new Map<string, PythonHere>();

  /**
   * @param workloads  all that will run, in any language
   * @param root  folder that artifact folders are relative to
   */
  constructor(
    workloads: readonly Workload[],
    private readonly root: string,
  ) {
    this.planned = workloads.filter(({ command, runtime }) => runtime === "python" || runsPython(command ?? []));
  }

  /** Finds Python and the packages of each artifact. */
  async prepare(): Promise<void> {
    for (const folder of new Set(this.planned.map(({ cwd }) => cwd))) {
      this.found.set(folder, await findPython(resolve(this.root, folder)));
    }
  }

  /** Finds what an artifact needs that takes the place of another one; nothing when that is not in Python. */
  async follow(from: string, to: string): Promise<void> {
    if (this.found.has(from)) this.found.set(to, await findPython(resolve(this.root, to)));
  }

  /** Tells whether a workload waits for `prepare`. */
  has(workload: Pick<Workload, "service">): boolean {
    return this.planned.some(({ service }) => service === workload.service);
  }

  /** Returns why the services in Python are left out, in one sentence; undefined when they run or there are none. */
  get missing(): string | undefined {
    const reasons = this.planned.flatMap(({ service, cwd }) => {
      const found = this.found.get(cwd);
      return found !== undefined && "missing" in found ? [[service, found.missing] as const] : [];
    });
    const services = [...new Set(reasons.map(([service]) => service))];
    return reasons.length === 0 ? undefined : `without ${services.join(" and ")}, ${reasons[0]![1]}`;
  }

  /**
   * Returns the variables by which a process finds Python and its packages; none for other languages.
   * @param given  further variables of the process, whose PYTHONPATH comes before the packages
   */
  variables(
    { cwd }: Pick<Workload, "cwd">,
    given: Readonly<Record<string, string>> = {},
  ): Readonly<Record<string, string>> {
    const found = this.found.get(cwd);
    if (found === undefined || !("variables" in found)) return {};
    const paths = [given["PYTHONPATH"], found.variables["PYTHONPATH"]].filter((path) => path !== undefined);
    return paths.length === 0 ? found.variables : { ...found.variables, PYTHONPATH: paths.join(delimiter) };
  }
}
