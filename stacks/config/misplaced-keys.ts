import { type PatternName, patternNames } from "../../infra/compute/registry";
import { platformSchema } from "./schema";

const serviceKeys = platformSchema.shape.services.valueType.shape;

/** The groups of keys of a service, such as `capacity` and `ecs`, with the names of their keys. */
const groups = Object.entries(serviceKeys).flatMap(([group, schema]) =>
  "shape" in schema ? [[group, Object.keys(schema.shape)] as const] : [],
);

/**
 * Says where an unknown key of a service belongs, when another place has it: `ingress` is a key of `ecs`. Keys of one
 * pattern had other places in earlier configurations.
 * @param path  of the key @example ["services", "shipping", "ingress"]
 * @returns the rest of a sentence; undefined when no place has such a key
 */
export function misplacedKey(path: readonly PropertyKey[]): string | undefined {
  const [root, service, ...rest] = path.map(String);
  const key = rest.at(-1);
  if (root !== "services" || key === undefined) return undefined;
  const place = (inner: string) => `services.${service}.${inner}`;
  if (key === "functions") return `is now named lambda; write its keys under ${place("lambda")}`;
  const [group] = groups.find(([, keys]) => keys.includes(key)) ?? [];
  if (group !== undefined) {
    const reader = isPattern(group) ? `is a key of the pattern ${group}` : `is a key of ${group}`;
    return `${reader}; write it as ${place(`${group}.${key}`)}`;
  }
  if (rest.length > 1 && Object.hasOwn(serviceKeys, key)) return `is a key of the service; write it as ${place(key)}`;
  return undefined;
}

function isPattern(name: string): name is PatternName {
  return (patternNames as readonly string[]).includes(name);
}
