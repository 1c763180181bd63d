import type { Graph, PlannedResource } from "../../graph/model";

/** A resource of a fixture: its type, its inputs, and what is not an input. */
export type Entry = readonly [
  type: string,
  props?: Record<string, any>,
  rest?: { protect?: boolean; outputs?: object },
];
/** By logical name. `@{name}` in a text is that resource's id, `@{name.arn}` its ARN. */
export type Draft = Readonly<Record<string, Entry>>;

export interface World {
  readonly draft: Draft;
  readonly config?: Readonly<Record<string, Record<string, unknown>>>;
}

const documents = ["policy", "assumeRolePolicy", "containerDefinitions", "redrivePolicy", "accessPolicies"];

/** A graph of plain resources, as any program would register them. Names that begin with a region are in it. */
export function graphOf(draft: Draft, stack = "prod"): Graph {
  const urns = new Map(
    Object.entries(draft).map(([name, [type]]) => [name, `urn:pulumi:${stack}::shop::${type}::${name}`]),
  );
  const resources = Object.entries(draft).map(([name, [type, props = {}, rest = {}]]): PlannedResource => {
    const region = /^[a-z]{2}-[a-z]+-\d/.exec(name)?.[0] ?? "eu-west-1";
    const propertyDependencies: Record<string, string[]> = {};
    const inputs = Object.fromEntries(
      Object.entries(props)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => {
          const found = new Set<string>();
          const resolved = resolve(value, draft, (target) => found.add(urns.get(target) ?? target));
          propertyDependencies[key] = [...found];
          return [key, documents.includes(key) && typeof resolved === "object" ? JSON.stringify(resolved) : resolved];
        }),
    );
    const own = type.startsWith("aws:");
    return {
      urn: urns.get(name)!,
      type,
      name,
      custom: own,
      remote: type.startsWith("awsx:"),
      inputs,
      outputs: { ...inputs, ...(own ? { id: idOf(name), arn: arnOf(name, draft) } : {}), ...rest.outputs },
      region,
      provider: `urn:pulumi:${stack}::shop::pulumi:providers:aws::${region}-aws`,
      dependencies: [...new Set(Object.values(propertyDependencies).flat())],
      propertyDependencies,
      protect: rest.protect === true,
      ignoreChanges: [],
    };
  });
  const providers = [...new Set(resources.map(({ region }) => region!))].map(
    (region): PlannedResource => ({
      urn: `urn:pulumi:${stack}::shop::pulumi:providers:aws::${region}-aws`,
      type: "pulumi:providers:aws",
      name: `${region}-aws`,
      custom: true,
      remote: false,
      inputs: { region },
      outputs: { region },
      dependencies: [],
      propertyDependencies: {},
      protect: false,
      ignoreChanges: [],
    }),
  );
  return { project: "shop", stack, resources: [...providers, ...resources], outputs: {} };
}

const idOf = (name: string) => `${name}-0a1b2c`;

function arnOf(name: string, draft: Draft): string {
  const service = draft[name]?.[0].split(":")[1]?.split("/")[0] ?? "aws";
  const region = /^[a-z]{2}-[a-z]+-\d/.exec(name)?.[0] ?? "eu-west-1";
  return `arn:aws:${service}:${region}:123456789012:${service}/${idOf(name)}`;
}

function resolve(value: any, draft: Draft, use: (name: string) => void): any {
  if (typeof value === "string") {
    return value.replace(/@\{([\w-]+)(?:\.(\w+))?\}/g, (_, name: string, attribute?: string) => {
      use(name);
      if (attribute === "arn") return arnOf(name, draft);
      return attribute === undefined ? idOf(name) : String(draft[name]?.[1]?.[attribute] ?? `${name}-${attribute}`);
    });
  }
  if (Array.isArray(value)) return value.map((item) => resolve(item, draft, use));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, draft, use)]));
}

/** A change of one resource: `path` is set to `value`; an undefined value removes it, an empty path the resource. */
export function broken(draft: Draft, name: string, path: string, value: unknown): Draft {
  const entry = draft[name];
  if (entry === undefined) throw new Error(`no resource "@{name}" in the fixture`);
  if (path === "") return Object.fromEntries(Object.entries(draft).filter(([key]) => key !== name));
  if (path === "protect") return { ...draft, [name]: [entry[0], entry[1], { ...entry[2], protect: value === true }] };
  return { ...draft, [name]: [entry[0], set(entry[1] ?? {}, path.split("."), value), entry[2]] as Entry };
}

/** Elements of a list go by their index, or by their `name` as settings do. */
function set(holder: any, [key = "", ...rest]: string[], value: unknown): any {
  const matches = (item: any, i: number) => String(i) === key || item?.name === key;
  const child = Array.isArray(holder) ? holder.find(matches) : holder?.[key];
  const next = rest.length === 0 ? value : set(child ?? {}, rest, value);
  if (Array.isArray(holder))
    return holder.flatMap((item, i) => (matches(item, i) ? (next === undefined ? [] : [next]) : [item]));
  const changed = { ...holder, [key]: next };
  if (next === undefined) delete changed[key];
  return changed;
}
