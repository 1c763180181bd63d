import { at, flatTexts, list, text } from "./read";
import { type RawResource, Resource } from "./resource";
import { peek, UNKNOWN } from "./unknown";

/**
 * The resources of a stack, indexed once per evaluation: rules never scan. Links between resources come from known
 * ids where there are any, else from what the engine says a property was made from.
 */
export class Stack {
  readonly resources: readonly Resource[];
  private readonly byUrn = new Map<string, Resource>();
  private readonly byType = new Map<string, Resource[]>();
  private readonly byId = new Map<string, Resource>();
  private readonly ambiguous = new Set<string>();
  /** Components whose children are in the stack too: those are judged, and the component is not judged again. */
  private readonly unfolded = new Set<string>();
  private readonly memory = new Map<string, unknown>();

  constructor(raw: readonly RawResource[]) {
    this.resources = raw.map((resource) => new Resource(resource));
    for (const { type, parentUrn } of this.resources) {
      if (type === "aws:ec2/vpc:Vpc" && parentUrn !== undefined) this.unfolded.add(parentUrn);
    }
    for (const resource of this.resources) {
      this.byUrn.set(resource.urn, resource);
      if (this.unfolded.has(resource.urn)) continue;
      const siblings = this.byType.get(resource.type);
      if (siblings) siblings.push(resource);
      else this.byType.set(resource.type, [resource]);
      for (const key of ["id", "arn", "vpcId", "name", "bucket"]) this.register(resource, key);
    }
  }

  /** Names are ids only within a type, so they are kept apart; a VPC of awsx goes by its `vpcId`. */
  private register(resource: Resource, key: string): void {
    if (key === "vpcId" && resource.type !== "awsx:ec2:Vpc") return;
    const id = peek(() => resource.props[key]);
    if (typeof id !== "string" || id === "") return;
    const isName = key === "name" || key === "bucket";
    const own = isName ? `${resource.type} ${id}` : id;
    const other = this.byId.get(own);
    // Two regions use the same names; then a name tells nothing, and what the property was made from does.
    if (isName && other !== undefined && other !== resource) this.ambiguous.add(own);
    else if (other === undefined) this.byId.set(own, resource);
  }

  /** Returns the resource with a URN. */
  urn(urn: string): Resource | undefined {
    return this.byUrn.get(urn);
  }

  /** Returns the resources of some types. */
  of(...types: readonly string[]): readonly Resource[] {
    const [only] = types;
    if (types.length === 1 && only !== undefined) return this.byType.get(only) ?? [];
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }

  /** Returns the resource of one of these types that has an id, ARN or name. */
  find(id: string, types: readonly string[]): Resource | undefined {
    const found = this.byId.get(id);
    if (found && types.includes(found.type)) return found;
    for (const type of types) {
      const named = this.byId.get(`${type} ${id}`);
      if (named && !this.ambiguous.has(`${type} ${id}`)) return named;
    }
    return undefined;
  }

  /**
   * Returns the resources of some types that a property refers to.
   * @param path  `targetGroupArns`, `networkConfiguration.subnets`
   */
  targets(resource: Resource, path: string, ...types: readonly string[]): Resource[] {
    const property = path.split(".")[0] ?? path;
    const value = peek(() => flat(at(resource.props, path)));
    const found = new Set<Resource>();
    for (const id of value === UNKNOWN ? [] : value) {
      const one = this.find(id, types) ?? this.find(id.slice(id.lastIndexOf("/") + 1), types);
      if (one) found.add(one);
    }
    if (found.size > 0) return [...found];
    return this.dependencies(resource, property, types);
  }

  /** Returns the resources of some types that a property was made from. */
  dependencies(resource: Resource, property: string, types: readonly string[]): Resource[] {
    return resource
      .dependsOn(property)
      .map((urn) => this.byUrn.get(urn))
      .filter((one): one is Resource => one !== undefined && types.includes(one.type) && !this.unfolded.has(one.urn));
  }

  /** Returns the resources of a type whose property refers to this one. */
  referrers(target: Resource, type: string, path: string): readonly Resource[] {
    const table = this.memo(`${type} ${path} -> ${target.type}`, () => {
      const all = new Map<Resource, Resource[]>();
      for (const resource of this.of(type)) {
        for (const one of this.targets(resource, path, target.type)) {
          const known = all.get(one);
          if (known) known.push(resource);
          else all.set(one, [resource]);
        }
      }
      return all;
    });
    return table.get(target) ?? [];
  }

  /** Computes a value once per evaluation. */
  memo<T>(key: string, compute: () => T): T {
    if (!this.memory.has(key)) this.memory.set(key, compute());
    return this.memory.get(key) as T;
  }

  /** Returns the region of a resource: its own argument, its provider's, or its parents'; undefined when nothing tells. */
  regionOf(resource: Resource): string | undefined {
    return this.memo(`region ${resource.urn}`, () => this.findRegion(resource));
  }

  private findRegion(resource: Resource): string | undefined {
    for (let one: Resource | undefined = resource; one; one = one.parentUrn ? this.urn(one.parentUrn) : undefined) {
      const own = one;
      const region = peek(() => text(own.props["region"]) || text(own.provider()["region"]));
      if (region !== UNKNOWN && region !== "") return region;
      const arn = peek(() => /^arn:[\w-]+:[\w-]+:([a-z]{2}(?:-[a-z]+)+-\d):/.exec(text(own.props["arn"]))?.[1]);
      if (arn !== UNKNOWN && arn !== undefined) return arn;
      const zones = peek(() => text(list(own.props["availabilityZoneNames"])[0]).slice(0, -1));
      if (zones !== UNKNOWN && zones !== "") return zones;
    }
    return undefined;
  }

  /** Returns the regions that the stack's resources are in. */
  regions(): readonly string[] {
    return this.memo("regions", () => {
      const found = new Set<string>();
      for (const resource of this.resources) {
        const region = resource.type.startsWith("aws:") ? this.regionOf(resource) : undefined;
        if (region !== undefined) found.add(region);
      }
      return [...found].sort();
    });
  }
}

/** Ids inside a value; a text may list several. */
function flat(value: unknown): string[] {
  return flatTexts(value).flatMap((one) => (one.includes(",") ? one.split(",") : [one]));
}
