import type { OpenApiDocument } from "../../apps/kit/openapi";

/** Operations by path and method, and components by kind and name. */
export type DocumentParts = Pick<OpenApiDocument, "paths" | "components">;
type Components = DocumentParts["components"];
type NamedComponents = Components[string];

const componentReference = /^#\/components\/(\w+)\/([^/]+)$/;

/** Returns the name of the component that an object refers to; undefined when it is no reference to one. */
export function referredComponent({ $ref: reference }: { readonly $ref?: unknown }): string | undefined {
  return componentReference.exec(String(reference))?.[2];
}

/** Joins components of several documents; a name that two of them have means the same in both. */
export function joinComponents(all: readonly Components[]): Components {
  const joined: Record<string, NamedComponents> = {};
  for (const [kind, named] of all.flatMap((each) => Object.entries(each))) joined[kind] = { ...joined[kind], ...named };
  return joined;
}

/** Returns a document whose components have names with the service's in front: `Error` becomes `food-store.Error`. */
export function withOwnNames({ paths, components }: DocumentParts, service: string): DocumentParts {
  const renamed = Object.entries(components).map(([kind, named]) => [
    kind,
    Object.fromEntries(Object.entries(named).map(([name, component]) => [`${service}.${name}`, component])),
  ]);
  const rename = (reference: string) => reference.replace(componentReference, `#/components/$1/${service}.$2`);
  return mapReferences({ paths, components: Object.fromEntries(renamed) }, rename);
}

/** Returns a document without the components that nothing in its paths leads to. */
export function withoutUnused({ paths, components }: DocumentParts): DocumentParts {
  const used = new Set<string>();
  const follow = (value: unknown): void => {
    mapReferences(value, (reference) => {
      const [, kind, name] = componentReference.exec(reference) ?? [];
      if (kind !== undefined && !used.has(reference)) {
        used.add(reference);
        follow(components[kind]?.[name!]);
      }
      return reference;
    });
  };
  follow(paths);
  const kept = Object.entries(components).map(([kind, named]) => [
    kind,
    Object.fromEntries(Object.entries(named).filter(([name]) => used.has(`#/components/${kind}/${name}`))),
  ]);
  return { paths, components: Object.fromEntries(kept) };
}

/** Returns a copy in which each reference is what `map` makes of it. */
function mapReferences<Value>(value: Value, map: (reference: string) => string): Value {
  if (Array.isArray(value)) return value.map((each) => mapReferences(each, map)) as Value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key === "$ref" && typeof each === "string" ? map(each) : mapReferences(each, map),
    ]),
  ) as Value;
}
