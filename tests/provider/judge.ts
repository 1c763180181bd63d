import type { Graph } from "../../graph/model";
import type { Diagnostic, Plugin } from "./client/plugin";
import type { Block } from "./client/schema";
import { differences } from "./compare";
import { type Rendered, type Resource, renderResource, resourcesOf } from "./terraform/resource";

/** What is wrong with a resource, or questionable, according to the provider. */
export interface Finding {
  /** `unmapped`: an input the provider has no argument for; `changed`: an argument it plans otherwise than asked. */
  readonly kind: "error" | "warning" | "deprecated" | "unmapped" | "changed";
  /** The provider's type. */
  readonly type: string;
  /** The argument, list indexes left out; empty for the whole resource. */
  readonly argument: string;
  readonly message: string;
  readonly resource: Resource;
}

/** Requests at a time. */
const AT_A_TIME = 8;

/** Puts resources before a provider. The same resource of two configurations is judged once. */
export class Judge {
  private readonly known = new Map<string, Promise<readonly Omit<Finding, "resource">[]>>();

  constructor(private readonly plugin: Plugin) {}

  /** Judges every resource of a plan. */
  async judgeGraph(graph: Graph): Promise<{ readonly count: number; readonly findings: readonly Finding[] }> {
    const resources = await resourcesOf(graph);
    const findings = await inParallel(resources, AT_A_TIME, (resource) => this.judge(resource));
    return { count: resources.length, findings: findings.flat() };
  }

  async judge(resource: Resource): Promise<readonly Finding[]> {
    const rendered = renderResource(resource, (type) => this.plugin.block(type));
    const key = JSON.stringify([rendered.type, rendered.config, rendered.problems]);
    const judged = this.known.get(key) ?? this.ask(rendered);
    this.known.set(key, judged);
    return (await judged).map((finding) => ({ ...finding, resource }));
  }

  private async ask({ type, config, problems }: Rendered): Promise<readonly Omit<Finding, "resource">[]> {
    const unmapped = problems.map(({ path, reason }) => ({
      kind: "unmapped" as const,
      type,
      argument: path,
      message: reason,
    }));
    const block = this.plugin.block(type);
    if (block === undefined) return unmapped;
    const validated = await this.plugin.validate(type, config);
    const planned = await this.plugin.plan(type, config);
    const diagnostics = [...validated, ...planned.diagnostics].map((diagnostic) => fromDiagnostic(type, diagnostic));
    const deprecated = deprecatedArguments(block, config).map((argument) => {
      return { kind: "deprecated" as const, type, argument, message: "is deprecated in the provider's schema" };
    });
    const changed = differences(config, planned.state?.value).map(({ path, wanted, got }) => {
      const message = `asked for ${JSON.stringify(wanted)}, planned ${JSON.stringify(got ?? null)}`;
      return { kind: "changed" as const, type, argument: path, message };
    });
    return [...unmapped, ...diagnostics, ...deprecated, ...(planned.state ? changed : [])];
  }
}

function fromDiagnostic(type: string, { severity, summary, detail, path }: Diagnostic): Omit<Finding, "resource"> {
  const message = [summary, detail]
    .filter((text) => text !== "")
    .join(": ")
    .replace(/\s+/g, " ");
  return { kind: severity === "ERROR" ? "error" : "warning", type, argument: path, message };
}

/** Arguments and blocks that are set although the schema says that they are deprecated. */
function deprecatedArguments(block: Block, config: Readonly<Record<string, any>>, path = ""): string[] {
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  const isSet = (value: any) => value !== null && !(Array.isArray(value) && value.length === 0);
  return [
    ...(path === "" && block.deprecated ? [""] : []),
    ...block.attributes.filter(({ name, deprecated }) => deprecated && isSet(config[name])).map(({ name }) => at(name)),
    ...block.blocks
      .filter(({ name }) => isSet(config[name]))
      .flatMap(({ name, block: nested }) => [
        ...(nested.deprecated ? [at(name)] : []),
        ...[config[name]].flat().flatMap((element) => deprecatedArguments(nested, element, at(name))),
      ]),
  ];
}

/** Results in the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  atATime: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i]!);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return results;
}

/** One line per kind, type, argument and message, with how many resources it is about and one of them. */
export function describeFindings(findings: readonly Finding[]): string[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { kind, type, argument, message } = finding;
    const key = `${kind}: ${type}${argument === "" ? "" : `.${argument}`}: ${message}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups].map(([line, [first, ...rest]]) => {
    return `${line} ("${first!.resource.name}"${rest.length > 0 ? ` and ${rest.length} more` : ""})`;
  });
}
