/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The part of a JSON schema that forms are made from. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
}

/** Returns the empty value of a schema, for an entry that a person adds. */
export function emptyOf(schema: Schema): Json {
  if (schema.enum !== undefined) return schema.enum[0] ?? "";
  switch (schema.type) {
    case "object":
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, emptyOf(schema.properties?.[name] ?? {})]),
      );
    case "array":
      return [];
    case "integer":
    case "number":
      return schema.minimum ?? 0;
    case "boolean":
      return false;
    default:
      return "";
  }
}

/** Returns an object with one property replaced; without it, where the value is undefined. */
export function withProperty(value: Json | undefined, name: string, next: Json | undefined): Json {
  const { [name]: _, ...rest } = isObject(value) ? value : {};
  return next === undefined ? rest : { ...rest, [name]: next };
}

/** Tells whether a value is an object, and no list. */
export function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Returns a name as people read it.
 * @example labelOf("weightGrams") // "Weight grams"
 */
export function labelOf(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll("-", " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
