import { type Field, MappingError } from "./mapping";

/** @returns properties as CloudFormation names them, attributes apart, and the paths that have no counterpart. */
export function convert(
  inputs: Readonly<Record<string, any>>,
  fields: Readonly<Record<string, Field>>,
): { properties: Record<string, any>; attributes: { Key: string; Value: string }[]; unmapped: string[] } {
  const attributes: { Key: string; Value: string }[] = [];
  const unmapped: string[] = [];

  const value = (input: any, path: string): any => {
    if (Array.isArray(input)) return input.map((item) => value(item, path));
    return typeof input === "object" && input !== null ? object(input, `${path}.`) : input;
  };
  const object = (input: Readonly<Record<string, any>>, prefix: string): Record<string, any> => {
    const result: Record<string, any> = {};
    for (const [key, item] of Object.entries(input)) {
      if (item === undefined || item === null) continue;
      place(result, fields[prefix + key] ?? pascal(key), item, prefix + key);
    }
    return result;
  };
  const place = (target: Record<string, any>, field: Field, item: any, path: string): void => {
    if (typeof field === "string") set(target, field, value(item, path));
    else if (field.kind === "attribute") attributes.push({ Key: field.key, Value: field.format(item) });
    else if (field.kind === "wrapped") set(target, field.name, field.wrap(value(item, path)));
    else if (field.kind === "computed")
      set(
        target,
        field.name,
        attempt(() => field.compute(item), unmapped, path),
      );
  };
  return { properties: object(inputs, ""), attributes, unmapped };
}

/** @returns what `make` makes; nothing, and the path noted, when a property would be lost. */
export function attempt<T>(make: () => T, unmapped: string[], path: string): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof MappingError)) throw error;
    unmapped.push(path === "" ? error.message : `${path}: ${error.message}`);
    return undefined;
  }
}

/** Dots nest; an empty name spreads the value over the target; what is empty after conversion is left out. */
function set(target: Record<string, any>, name: string, value: any): void {
  if (value === undefined || (isObject(value) && Object.keys(value).length === 0)) return;
  if (name === "") {
    merge(target, value);
    return;
  }
  const [head = "", ...rest] = name.split(".");
  if (rest.length > 0) {
    target[head] ??= {};
    set(target[head], rest.join("."), value);
  } else merge(target, { [head]: value });
}

/** Lists are joined, objects merged in depth; else the newer value stays. */
export function merge(target: Record<string, any>, more: Readonly<Record<string, any>>): void {
  for (const [key, value] of Object.entries(more)) {
    const old = target[key];
    if (Array.isArray(old) && Array.isArray(value)) target[key] = [...old, ...value];
    else if (isObject(old) && isObject(value)) merge(old, value);
    else target[key] = value;
  }
}

export const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Letters and digits, the words of a name in capitals. */
export function words(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map(pascal)
    .join("");
}

function isObject(value: unknown): value is Record<string, any> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
