import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Graph } from "../../../graph/model";
import type { Diagnostic, Plugin } from "../client/plugin";
import { type Difference, differences } from "../compare";
import { type Resource, renderResource, resourcesOf } from "../terraform/resource";
import { References } from "./references";

/** What became of a resource in the emulator. */
export interface ReadBack {
  readonly resource: Resource;
  /** The provider's type. */
  readonly type: string;
  /** Why it could not be created or read; unset where it was. */
  readonly failure?: string;
  /** Arguments that came back otherwise. */
  readonly differences: readonly Difference[];
  readonly seconds: number;
}

/** Arguments by which the provider waits for what the emulator never does, and what they are there. */
const impatience: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  aws_dynamodb_table: { replica: [] },
  aws_ecs_service: { wait_for_steady_state: false },
  // It has no UpdateHostedZoneFeatures.
  aws_route53_zone: { enable_accelerated_recovery: false },
};

/** Resources that are created at a time; most of the time the provider waits. */
const AT_A_TIME = 24;

/** Creates every resource of a plan in an emulator, in the order of their dependencies, and reads each back. */
export async function readBack(graph: Graph, plugin: Plugin): Promise<ReadBack[]> {
  const work = mkdtempSync(join(tmpdir(), "provider-read-back-"));
  try {
    return await new Creation(graph, await resourcesOf(graph), plugin, work).run();
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

class Creation {
  private readonly references = new References();
  private readonly started = new Map<string, Promise<ReadBack>>();
  private readonly byUrn: ReadonlyMap<string, Resource>;
  private free = AT_A_TIME;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly graph: Graph,
    private readonly resources: readonly Resource[],
    private readonly plugin: Plugin,
    private readonly work: string,
  ) {
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  }

  run(): Promise<ReadBack[]> {
    return Promise.all(this.resources.map((resource) => this.createInOrder(resource)));
  }

  private createInOrder(resource: Resource): Promise<ReadBack> {
    const started = this.started.get(resource.urn) ?? this.createAfterOthers(resource);
    this.started.set(resource.urn, started);
    return started;
  }

  private async createAfterOthers(resource: Resource): Promise<ReadBack> {
    const others = resource.dependencies.flatMap((urn) => this.below(urn));
    await Promise.all(others.map((other) => this.createInOrder(other)));
    await this.acquire();
    const startedAt = Date.now();
    try {
      const outcome = await this.create(resource);
      return { resource, ...outcome, seconds: (Date.now() - startedAt) / 1000 };
    } finally {
      this.release();
    }
  }

  /** The resource itself, or what a component is made of. */
  private below(urn: string): readonly Resource[] {
    const own = this.byUrn.get(urn);
    if (own !== undefined) return [own];
    const children = this.graph.resources
      .filter(({ parent }) => parent === urn)
      .flatMap((child) => this.below(child.urn));
    return [...children, ...this.resources.filter((part) => part.urn.startsWith(`${urn}::aws:`))];
  }

  private async create(resource: Resource): Promise<Omit<ReadBack, "resource" | "seconds">> {
    const inputs = this.references.exchange(resource.inputs);
    const { type, config } = renderResource({ ...resource, inputs }, (name) => this.plugin.block(name));
    const failed = (failure: string) => ({ type, failure, differences: [] });
    try {
      const asked = this.withArchives({ ...config, ...impatience[type] });
      const planned = await this.plugin.plan(type, asked);
      if (!planned.state) return failed(text(planned.diagnostics));
      const applied = await this.plugin.apply(type, asked, planned.state);
      if (errors(applied.diagnostics).length > 0 || !applied.state) return failed(text(applied.diagnostics));
      this.references.learn(type, resource.outputs, resource.inputs, applied.state.value);
      const read = await this.plugin.read(type, applied.state);
      if (!read.state) return failed(text(read.diagnostics) || "is gone when it is read");
      return { type, differences: differences(asked, read.state.value) };
    } catch (error) {
      return failed((error as Error).message);
    }
  }

  /** Folders as the archives that the engine makes of them. */
  private withArchives(config: Readonly<Record<string, any>>): Readonly<Record<string, any>> {
    const archived = Object.entries(config).map(([key, value]) => {
      if (!["filename", "source"].includes(key) || typeof value !== "string") return [key, value];
      if (!statSync(value).isDirectory()) return [key, value];
      const file = join(this.work, `${value.replace(/\W+/g, "-")}.zip`);
      execFileSync("python3", ["-m", "zipfile", "-c", file, `${value}/`]);
      return [key, file];
    });
    return Object.fromEntries(archived);
  }

  private async acquire(): Promise<void> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private release(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free++;
  }
}

const errors = (diagnostics: readonly Diagnostic[]) => diagnostics.filter(({ severity }) => severity === "ERROR");

function text(diagnostics: readonly Diagnostic[]): string {
  const sentences = errors(diagnostics).map(({ summary, detail }) =>
    [summary, detail].filter((part) => part !== "").join(": "),
  );
  return sentences.join("; ").replace(/\s+/g, " ");
}
