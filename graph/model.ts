/** One resource that the program registered. */
export interface PlannedResource {
  readonly urn: string;
  /** Pulumi type token. @example "aws:ec2/securityGroup:SecurityGroup" */
  readonly type: string;
  /** Logical name, unique among resources with the same type and the same types of parents. */
  readonly name: string;
  /** URN of the parent; missing for the stack itself. */
  readonly parent?: string;
  /** True for a resource of a provider, false for a component. */
  readonly custom: boolean;
  /** True for a component whose children are made by its provider in another process (awsx). */
  readonly remote: boolean;
  /** Inputs as plain data, with secrets hidden; see `toPlainData`. */
  readonly inputs: Readonly<Record<string, any>>;
  /**
   * Inputs, and the outputs that AWS would add (`id`, `arn`, ...) as stand-ins that are unique and well formed. Secrets
   * are visible.
   */
  readonly outputs: Readonly<Record<string, any>>;
  /** Region of the resource's provider; missing for components and other resources without a provider. */
  readonly region?: string;
  /** URN of the provider. */
  readonly provider?: string;
  /** URNs of all resources that this one depends on, sorted. */
  readonly dependencies: readonly string[];
  /** URNs of the resources that an input depends on, by input. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  /** URNs that the resource may have in an earlier state, by its own aliases and those of its parents. */
  readonly aliases?: readonly string[];
}

/**
 * The captured resource graph: all that the program registered. The plan, the policy pack's findings and the local
 * platform are derived from it.
 */
export interface Graph {
  readonly project: string;
  readonly stack: string;
  /** Sorted by URN. */
  readonly resources: readonly PlannedResource[];
  /** Stack outputs as plain data. */
  readonly outputs: Readonly<Record<string, any>>;
  /** Texts with which the stand-ins for AWS have answered look-ups of the program; AWS would answer others. */
  readonly lookedUp?: readonly string[];
  /** Parts that the environment leaves out on AWS (`platform:leaveOut`). @default none */
  readonly leftOut?: readonly string[];
}

/** Index of a graph that finds resources by URN, ARN and type in constant time. */
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

  /** Returns the resource with this URN. */
  urn(urn: string): PlannedResource | undefined {
    return this.byUrn.get(urn);
  }

  /** Returns the resource with this `arn` output. */
  arn(arn: string): PlannedResource | undefined {
    return this.byArn.get(arn);
  }

  /** Returns all resources with this type token. */
  ofType(type: string): readonly PlannedResource[] {
    return this.byType.get(type) ?? [];
  }

  /**
   * Returns the only resource of a type whose outputs have all these values.
   * @throws {Error} when there is none, or more than one
   * @example index.one("aws:lambda/function:Function", { name: "food-store" })
   */
  one(type: string, where: Readonly<Record<string, unknown>>): PlannedResource {
    const found = this.where(type, where);
    if (found.length === 1 && found[0]) return found[0];
    throw new Error(
      `expected one ${type} with ${JSON.stringify(where)} in stack "${this.graph.stack}", found ${found.length}`,
    );
  }

  /** Returns all resources of a type whose outputs have all these values. */
  where(type: string, where: Readonly<Record<string, unknown>>): readonly PlannedResource[] {
    const wanted = Object.entries(where);
    return this.ofType(type).filter((resource) => wanted.every(([key, value]) => resource.outputs[key] === value));
  }
}
