/** Deepest nesting of references; a schema that contains itself has no end. */
const maxDepth = 16;

/**
 * Returns an OpenAPI document with its references (`{ "$ref": "#/components/..." }`) replaced by what they name.
 * @param subject  first words of an error @example 'service "reviews": openapi.json'
 * @throws {Error} one sentence on a reference to another file, to nothing, or to itself
 */
export function resolveReferences(document: unknown, subject: string): unknown {
  const refuse = (rule: string, got: string, fix: string): never => {
    throw new Error(`${subject} $ref must ${rule}, got ${JSON.stringify(got)}; ${fix}`);
  };
  const resolve = (value: unknown, depth: number): unknown => {
    if (Array.isArray(value)) return value.map((each) => resolve(each, depth));
    if (typeof value !== "object" || value === null) return value;
    const { $ref: reference } = value as { readonly $ref?: unknown };
    if (typeof reference !== "string") {
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(each, depth)]));
    }
    if (!reference.startsWith("#/"))
      refuse("be within the file, #/...", reference, "copy what it names into components");
    if (depth >= maxDepth) refuse("not lead back to itself", reference, "write the schema without recursion");
    const target = reference
      .slice(2)
      .split("/")
      .reduce<unknown>((each, key) => (each as Record<string, unknown> | undefined)?.[unescaped(key)], document);
    if (target === undefined) refuse("name a part of the file", reference, "correct it, or add that part");
    return resolve(target, depth + 1);
  };
  const { components, ...rest } = (document ?? {}) as Record<string, unknown>;
  // Components are resolved where they are used; those that nothing uses may be recursive.
  return { ...(resolve(rest, 0) as object), ...(components === undefined ? {} : { components }) };
}

/** @see https://www.rfc-editor.org/rfc/rfc6901#section-3 */
function unescaped(key: string): string {
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}
