import { layerNames } from "../layers";
import { withoutRegion } from "../services";
import { type Difference, operations, type PropertyChange, type ResourceChange } from "./difference";

/** A change that is the same in each of some regions. */
export interface RegionalChange extends Omit<ResourceChange, "urn" | "region"> {
  /** Name without the region. @example "food-store-task" */
  readonly name: string;
  readonly regions: readonly string[];
}

/** The changes of one service, or of what services share, in one layer. */
export interface PlaceChanges {
  /** Name of the service, or `shared`. */
  readonly service: string;
  readonly layer: string;
  readonly updated: readonly RegionalChange[];
  readonly deleted: readonly RegionalChange[];
  readonly created: readonly RegionalChange[];
  /** Changes that come from a new build of the service alone. */
  readonly built: readonly RegionalChange[];
}

/** A difference in the order in which people read it: what is lost first. */
export interface Sections {
  /** Changes that lose data, or that `pulumi up` refuses. */
  readonly dangerous: readonly RegionalChange[];
  /** Replacements that lose no data; those of a new build alone are with their service. */
  readonly replaced: readonly RegionalChange[];
  readonly places: readonly PlaceChanges[];
  /** Regions that are new or gone, with the numbers of their resources by layer, as text. */
  readonly regions: readonly string[];
}

/** Arranges a difference by danger, service and layer. */
export function sectionsOf(difference: Difference): Sections {
  const { changes, newRegions, goneRegions } = difference;
  const whole = (change: ResourceChange) =>
    (change.operation === "create" && newRegions.includes(change.region ?? "")) ||
    (change.operation === "delete" && goneRegions.includes(change.region ?? ""));
  const dangerous = changes.filter(isDangerous);
  const single = changes.filter((change) => !isDangerous(change) && !whole(change));
  const replaced = single.filter((change) => change.operation === "replace" && !isBuild(change));
  return {
    dangerous: merged(dangerous),
    replaced: merged(replaced),
    places: placesOf(merged(single.filter((change) => !replaced.includes(change)))),
    regions: [
      ...newRegions.map((region) => regionLine("new", region, changes)),
      ...goneRegions.map((region) => regionLine("gone", region, changes)),
    ],
  };
}

/** Writes the numbers of changed resources: `2 replaced, 1 deleted, 355 unchanged`. */
export function countsOf({ changes, unchanged }: Difference): string {
  const words = { replace: "replaced", delete: "deleted", update: "updated", create: "created" } as const;
  const count = (operation: string) => changes.filter((change) => change.operation === operation).length;
  const changed = operations.flatMap((operation) =>
    count(operation) > 0 ? `${count(operation)} ${words[operation]}` : [],
  );
  return [...(changed.length > 0 ? changed : ["nothing changes"]), `${unchanged} unchanged`].join(", ");
}

function isDangerous({ losesData, refused }: ResourceChange): boolean {
  return losesData || refused;
}

function isBuild({ properties }: Pick<ResourceChange, "properties">): boolean {
  return properties.length > 0 && properties.every(({ kind }) => kind === "build");
}

function placesOf(changes: readonly RegionalChange[]): PlaceChanges[] {
  const services = [...new Set(changes.map(({ service }) => service))].sort((a, b) =>
    (a ?? "~").localeCompare(b ?? "~"),
  );
  return services.flatMap((service) =>
    layerNames.flatMap((layer) => {
      const own = changes.filter((change) => change.service === service && change.layer === layer);
      if (own.length === 0) return [];
      const built = own.filter(isBuild);
      const of = (operation: string) => own.filter((each) => each.operation === operation && !built.includes(each));
      return {
        service: service ?? "shared",
        layer,
        updated: of("update"),
        deleted: of("delete"),
        created: of("create"),
        built,
      };
    }),
  );
}

/** Joins changes that differ by their region alone. */
function merged(changes: readonly ResourceChange[]): RegionalChange[] {
  const groups = new Map<string, RegionalChange & { readonly regions: string[] }>();
  for (const { urn: _, region, ...change } of changes) {
    const own = {
      ...change,
      name: withoutRegion(change.name, region),
      properties: change.properties.map((property) => propertyWithoutRegion(property, region)),
    };
    const key = JSON.stringify(own);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { ...own, regions: region === undefined ? [] : [region] });
    else if (region !== undefined) group.regions.push(region);
  }
  return [...groups.values()].map((group) => ({ ...group, regions: group.regions.sort() }));
}

/** Names of other resources in a property, `<eu-west-1-link>`, without the region. */
function propertyWithoutRegion(property: PropertyChange, region: string | undefined): PropertyChange {
  const { before, after, source } = property;
  const strip = (text: string) => (region === undefined ? text : text.replaceAll(`<${region}-`, "<"));
  return {
    ...property,
    ...(before === undefined ? {} : { before: strip(before) }),
    ...(after === undefined ? {} : { after: strip(after) }),
    ...(source === undefined ? {} : { source: withoutRegion(source, region) }),
  };
}

function regionLine(what: "new" | "gone", region: string, changes: readonly ResourceChange[]): string {
  const operation = what === "new" ? "create" : "delete";
  const own = changes.filter((change) => change.region === region && change.operation === operation);
  const layers = layerNames.flatMap((layer) => {
    const count = own.filter((change) => change.layer === layer).length;
    return count > 0 ? `${layer} ${count}` : [];
  });
  return `${what} region ${region}: ${own.length} resources ${operation}d: ${layers.join(", ")}`;
}
