import type { Placed } from "./layers";

/** Type token of the component that has everything of one service in one region. */
export const serviceScopeType = "platform:compute:ServiceScope";

/** Returns a logical name without the region that it begins with; names of different regions are equal without it. */
export function withoutRegion(name: string, region: string | undefined): string {
  return region !== undefined && name.startsWith(`${region}-`) ? name.slice(region.length + 1) : name;
}

/** Regions of a stack: the names of its region cells, sorted. */
export function regionsOf(resources: readonly Placed[]): string[] {
  return resources
    .filter(({ type }) => type === "platform:region:RegionCell")
    .map(({ name }) => name)
    .sort();
}

/**
 * Finds the service that a resource is for: that of the service component above it, else the service that its logical
 * name contains, such as `food-store` in `eu-west-1-data-food-store`.
 */
export class ServiceIndex {
  /** Names of the services of the stack, sorted. */
  readonly names: readonly string[];
  private readonly byUrn: ReadonlyMap<string, Placed>;
  private readonly longestFirst: readonly string[];

  constructor(resources: readonly Placed[]) {
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    const regions = regionsOf(resources);
    this.names = [...new Set([...resources.flatMap((each) => namesIn(each, regions)), ...tablesOf(resources)])].sort();
    this.longestFirst = [...this.names].sort((a, b) => b.length - a.length);
  }

  /** Returns the name of the service of a resource; undefined for what services share. */
  of(resource: Placed): string | undefined {
    for (let at: Placed | undefined = resource; at; at = at.parent ? this.byUrn.get(at.parent) : undefined) {
      if (at.type === serviceScopeType) return this.longestFirst.find((service) => at?.name.endsWith(`-${service}`));
    }
    return this.longestFirst.find((service) => `-${resource.name}-`.includes(`-${service}-`));
  }
}

/** Services by their tables; `shipping-pickups` is a further table of shipping. */
function tablesOf(resources: readonly Placed[]): string[] {
  const tables = resources.flatMap(({ type, name }) =>
    type === "aws:dynamodb/table:Table" ? (/-data-([a-z0-9-]+)$/.exec(name)?.[1] ?? []) : [],
  );
  return tables.filter((table) => !tables.some((own) => table.startsWith(`${own}-`)));
}

/** Services that a resource names: a service component by its name, a route by the first part of its path, but for those of the reference page. */
function namesIn({ type, name, inputs }: Placed, regions: readonly string[]): string[] {
  if (type === serviceScopeType) {
    return regions.filter((region) => name.startsWith(`${region}-`)).map((region) => withoutRegion(name, region));
  }
  const [, service] =
    (type === "aws:apigatewayv2/route:Route" &&
      /^[A-Z]+ \/(?!docs\/)([a-z0-9-]+)\//.exec(String(inputs["routeKey"]))) ||
    [];
  return service === undefined ? [] : [service];
}
