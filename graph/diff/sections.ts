import { layerNames } from "../layers";
import { withoutRegion } from "../services";
import { type Difference, operations, type PropertyChange, type ResourceChange } from "./difference";

/** Longest text of a value that is shown whole. */
const mostCharacters = 72;

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

/** Resources that are created, or deleted, in the same regions. */
export interface Listed {
  readonly regions: readonly string[];
  /** Each as its name and the class of its type. @example "food-store-task (TaskDefinition)" */
  readonly names: readonly string[];
}

/** Joins changes of which the names say enough, by their regions. */
export function listedByRegion(changes: readonly RegionalChange[]): Listed[] {
  const groups = new Map<string, { readonly regions: readonly string[]; readonly names: string[] }>();
  for (const { name, type, regions } of changes) {
    const group = groups.get(regions.join()) ?? { regions, names: [] };
    group.names.push(`${name} (${type.slice(type.lastIndexOf(":") + 1)})`);
    groups.set(regions.join(), group);
  }
  return [...groups.values()];
}

/** Writes what changes of the inputs of a resource, a text each; equal ones once, with their number. */
export function propertyTexts({ properties }: RegionalChange, most: number): string[] {
  const counts = new Map<string, number>();
  for (const property of properties) {
    const text = `${property.path}: ${valuesOf(property)}${property.replaces ? "  (replaces)" : ""}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const texts = [...counts].map(([text, count]) => (count === 1 ? text : `${text}  (${count} times)`));
  return texts.length <= most ? texts : [...texts.slice(0, most), `and ${texts.length - most} more`];
}

function valuesOf({ kind, before, after, source }: PropertyChange): string {
  if (kind === "build") return "new build";
  if (kind === "follows") return `known after the change of ${source}`;
  if (kind === "looked up") return "another answer of AWS to a look-up";
  if (before === undefined) return `+ ${shortened(after ?? "")}`;
  return after === undefined ? `- ${shortened(before)}` : `${shortened(before)} → ${shortened(after)}`;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= mostCharacters ? line : `${line.slice(0, mostCharacters - 1)}…`;
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

/** Joins changes that differ by their region alone; what names the region then has `<region>` in its place. */
function merged(changes: readonly ResourceChange[]): RegionalChange[] {
  const groups = new Map<string, RegionalChange>();
  for (const { urn: _, region, ...change } of changes) {
    const own: RegionalChange = {
      ...change,
      name: withoutRegion(change.name, region),
      properties: change.properties.map((property) => propertyWithoutRegion(property, region)),
      regions: region === undefined ? [] : [region],
    };
    const general = JSON.stringify({ ...own, regions: [] });
    const key = region === undefined ? general : general.replaceAll(region, "<region>");
    const group = groups.get(key);
    const regions = [...(group?.regions ?? []), ...own.regions].sort();
    groups.set(key, group === undefined ? own : { ...JSON.parse(key), regions });
  }
  return [...groups.values()];
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

/** Writes `1 resource`, `2 resources`. */
export function countedResources(count: number): string {
  return count === 1 ? "1 resource" : `${count} resources`;
}

function regionLine(what: "new" | "gone", region: string, changes: readonly ResourceChange[]): string {
  const operation = what === "new" ? "create" : "delete";
  const own = changes.filter((change) => change.region === region && change.operation === operation);
  const layers = layerNames.flatMap((layer) => {
    const count = own.filter((change) => change.layer === layer).length;
    return count > 0 ? `${layer} ${count}` : [];
  });
  return `${what} region ${region}: ${countedResources(own.length)} ${operation}d: ${layers.join(", ")}`;
}
