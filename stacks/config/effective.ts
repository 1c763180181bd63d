import { classDefaults, type Defaults, generalDefaults } from "./defaults";
import { addDerived, derivedDefaults } from "./derived";
import { formatPath } from "./problems";
import { classNames, type EnvironmentClass } from "./schema";

/** A configuration with its defaults, and where each value came from. */
export interface EffectiveConfig {
  /** The values by key, in the form in which people write them; their types are not checked yet. */
  readonly values: unknown;
  /**
   * Where each value came from, by path: `default`, `class development`, `from zone`, or the name of the file.
   * @example { "regions[0].cidr": "from the region's place" }
   */
  readonly sources: ReadonlyMap<string, string>;
}

/** A configuration, whole or in part, and what it is called. */
interface Source {
  readonly name: string;
  readonly value: unknown;
}

/** Deepest place whose values may have defaults; the schema has none that is deeper. */
const DEEPEST = 8;

/**
 * Adds the defaults to what people have written: those of every environment, those of its class, and those that are
 * derived from other values. What the file says takes precedence. Objects are merged; a list replaces another.
 * @param written  values of the keys below `platform:`, of any type
 * @param file  name of the file, `Pulumi.dev.yaml`
 */
export function effectiveConfig(written: unknown, file: string): EffectiveConfig {
  const environmentClass = classOf(written);
  const sources = new Map<string, string>();
  const layers = [
    { name: "default", value: defaultsFor(written, generalDefaults) },
    { name: `class ${environmentClass}`, value: defaultsFor(written, classDefaults[environmentClass]) },
    { name: file, value: written },
  ];
  const values = merge(layers, [], sources);
  if (isObject(values)) {
    addDerived(values, environmentClass, (parent, key, value, path, kind) => {
      if (!isObject(parent) || ownValue(parent, key) !== undefined || value === undefined) return;
      parent[key] = value;
      sources.set(path, `from ${derivedDefaults[kind].from}`);
    });
  }
  return { values, sources };
}

/** Returns the class that a file names; production, the stricter one, where it names none or another. */
function classOf(written: unknown): EnvironmentClass {
  const named = isObject(written) ? ownValue(written, "class") : undefined;
  return classNames.find((name) => name === named) ?? "production";
}

/** Returns defaults in the form of a file, with an entry for each service that the file has. */
function defaultsFor(written: unknown, { platform, service }: Defaults): unknown {
  const services = isObject(written) ? ownValue(written, "services") : undefined;
  if (!isObject(services)) return platform;
  const entries = Object.entries(services).map(([name, own]) => [name, runsImage(own) ? forImages(service) : service]);
  return { ...platform, services: Object.fromEntries(entries) };
}

/** Tells whether a service of a configuration runs an image from outside; its values may be of any type. */
export function runsImage(service: unknown): boolean {
  return isObject(service) && ownValue(service, "image") !== undefined;
}

/** Returns the defaults of a service that runs an image from outside, which only a balancer can check. */
function forImages(service: Defaults["service"]): Defaults["service"] {
  return service.ecs?.ingress === undefined ? service : { ...service, ecs: { ...service.ecs, ingress: "alb" } };
}

/** Merges values of one place, the last of which takes precedence, and notes where each value came from. */
function merge(layers: readonly Source[], path: readonly PropertyKey[], sources: Map<string, string>): unknown {
  const given = layers.filter(({ value }) => value !== undefined);
  const last = given.at(-1);
  if (last === undefined) return undefined;
  const { name, value } = last;
  if (path.length < DEEPEST && Array.isArray(value) && value.some(isObject)) {
    return value.map((entry, i) => merge([{ name, value: entry }], [...path, i], sources));
  }
  if (path.length < DEEPEST && isObject(value)) {
    const objects = given.slice(given.findLastIndex((each) => !isObject(each.value)) + 1);
    const keys = new Set(objects.flatMap((each) => Object.keys(each.value as object)));
    const entries = [...keys].map((key) => {
      const inner = objects.map((each) => ({ name: each.name, value: ownValue(each.value as object, key) }));
      return [key, merge(inner, [...path, key], sources)] as const;
    });
    if (entries.length === 0) sources.set(formatPath(path), name);
    return Object.fromEntries(entries.filter(([, each]) => each !== undefined));
  }
  sources.set(formatPath(path), name);
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Returns the value of an own key; objects inherit keys such as `constructor`. */
function ownValue(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;
}
