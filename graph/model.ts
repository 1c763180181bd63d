/**
 * The captured resource graph: what the program registered, nothing else. Everything offline (the plan, the policy
 * pack, the local platform) is derived from it.
 */
export interface PlannedResource {
  readonly urn: string;
  /** Pulumi type token: `aws:ec2/securityGroup:SecurityGroup`. */
  readonly type: string;
  /** Logical name, unique per type and parent chain. */
  readonly name: string;
  /** URN of the parent; unset for the stack itself. */
  readonly parent?: string;
  /** True for a resource of a provider, false for a component. */
  readonly custom: boolean;
  /** True for a component whose children another process makes (awsx). */
  readonly remote: boolean;
  /** Inputs as plain data: secrets as `"[secret]"`, unknowns as `"[unknown]"`, archives as `{ archive: path }`, files as `{ asset: path }`. */
  readonly inputs: Readonly<Record<string, any>>;
  /** Inputs and the outputs AWS would add (`id`, `arn`, ...), made up but unique and well formed. Secrets in the clear. */
  readonly outputs: Readonly<Record<string, any>>;
  /** Region of the resource's provider; unset for components and providers of nothing. */
  readonly region?: string;
  /** URN of the provider. */
  readonly provider?: string;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
}

export interface Graph {
  readonly project: string;
  readonly stack: string;
  /** Sorted by URN. */
  readonly resources: readonly PlannedResource[];
  /** Stack outputs as plain data. */
  readonly outputs: Readonly<Record<string, any>>;
}

/** Looks resources up in constant time; built once per graph. */
export class GraphIndex {
  private readonly byUrn = new Map<string, PlannedResource>();
  private readonly byType = new Map<string, PlannedResource[]>();
  private readonly byArn = new Map<string, PlannedResource>();

  constructor(readonly graph: Graph) {
    for (const resource of graph.resources) {
      this.byUrn.set(resource.urn, resource);
      const list = this.byType.get(resource.type);
      if (list) list.push(resource);
      else this.byType.set(resource.type, [resource]);
      if (typeof resource.outputs["arn"] === "string") this.byArn.set(resource.outputs["arn"], resource);
    }
  }

  urn(urn: string): PlannedResource | undefined {
    return this.byUrn.get(urn);
  }

  /** The resource whose `arn` output is this. */
  arn(arn: string): PlannedResource | undefined {
    return this.byArn.get(arn);
  }

  ofType(type: string): readonly PlannedResource[] {
    return this.byType.get(type) ?? [];
  }

  /** The one resource of a type whose outputs have all these values. @throws when there is none or more than one. */
  one(type: string, where: Readonly<Record<string, unknown>>): PlannedResource {
    const found = this.where(type, where);
    if (found.length === 1 && found[0]) return found[0];
    throw new Error(
      `expected one ${type} with ${JSON.stringify(where)} in stack "${this.graph.stack}", found ${found.length}`,
    );
  }

  /** Every resource of a type whose outputs have all these values. */
  where(type: string, where: Readonly<Record<string, unknown>>): readonly PlannedResource[] {
    const wanted = Object.entries(where);
    return this.ofType(type).filter((resource) => wanted.every(([key, value]) => resource.outputs[key] === value));
  }
}
