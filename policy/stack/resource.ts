import { describeType } from "./service-names";
import { canonicalType } from "./types";
import { UnknownInput } from "./unknown";

/** A resource as the evaluator passes it: a part of PolicyResource and of ResourceValidationArgs. */
export interface RawResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly props: Record<string, any>;
  readonly opts?: { readonly protect?: boolean; readonly ignoreChanges?: readonly string[] };
  readonly parent?: { readonly urn: string };
  readonly provider?: { readonly props: Record<string, any> };
  readonly dependencies?: readonly { readonly urn: string }[];
  readonly propertyDependencies?: Readonly<Record<string, readonly { readonly urn: string }[]>>;
}

/** A resource as rules see it. Reading a property that is not known throws, which makes the rule "not evaluated". */
export class Resource {
  readonly urn: string;
  /** Canonical: `aws:alb/loadBalancer:LoadBalancer` reads `aws:lb/loadBalancer:LoadBalancer`. */
  readonly type: string;
  readonly name: string;
  readonly props: Record<string, any>;
  readonly protect: boolean;
  readonly parentUrn: string | undefined;

  constructor(private readonly raw: RawResource) {
    this.urn = raw.urn;
    this.type = canonicalType(raw.type);
    this.name = raw.name;
    this.protect = raw.opts?.protect === true;
    this.parentUrn = raw.parent?.urn;
    this.props = raw.propertyDependencies === undefined ? raw.props : dependable(raw.props, raw.propertyDependencies);
  }

  /** Returns the URNs of the resources that a property's value was made from. */
  dependsOn(property: string): readonly string[] {
    return (this.raw.propertyDependencies?.[property] ?? []).map(({ urn }) => urn);
  }

  /** Returns the URNs of all resources that this one depends on. */
  dependencies(): readonly string[] {
    return (this.raw.dependencies ?? []).map(({ urn }) => urn);
  }

  /** Returns the inputs of the resource's provider. */
  provider(): Record<string, any> {
    return this.raw.provider?.props ?? {};
  }

  /** Tells whether the program leaves changes of a property to others. */
  ignores(property: string): boolean {
    return (this.raw.opts?.ignoreChanges ?? []).some((path) => path === property || path.startsWith(`${property}.`));
  }

  /** Names the resource in a message: `Elastic Load Balancing load balancer "front"`. */
  toString(): string {
    return `${describeType(this.type)} "${this.name}"`;
  }
}

/** At preview an output that is not known yet is absent; what it was made from tells it from one that was not set. */
function dependable(props: Record<string, any>, dependencies: NonNullable<RawResource["propertyDependencies"]>) {
  return new Proxy(props, {
    get(target, key: string) {
      const value = target[key];
      if (value === undefined && (dependencies[key]?.length ?? 0) > 0) throw new UnknownInput(key);
      return value;
    },
  });
}

/** Returns the URN of the stack itself, for what is about all of it; the engine lists resources in any order. */
export function urnOfStack(resources: readonly { readonly type: string; readonly urn: string }[]): string {
  return (resources.find(({ type }) => type === "pulumi:pulumi:Stack") ?? resources[0])?.urn ?? "";
}
