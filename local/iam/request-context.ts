/** The value of a condition key; a list is a key of several values. */
export type ContextValue = string | number | boolean | readonly (string | number | boolean)[];

const none: Readonly<Record<string, ContextValue>> = {};

/** The condition keys of a request. Their names ignore case, also the part that names a tag. */
export class RequestContext {
  private byName: Map<string, ContextValue> | undefined;

  constructor(private readonly given: Readonly<Record<string, ContextValue | undefined>> = none) {}

  /** Returns all values of a key; none when the request does not have it. @param name  in lower case */
  values(name: string): readonly string[] {
    const value = this.value(name);
    if (value === undefined) return [];
    return Array.isArray(value) ? value.map(String) : [String(value)];
  }

  /** Returns the value of a key that has one. A key of several values cannot stand in a policy variable. */
  single(name: string): string | undefined {
    const value = this.value(name);
    return value === undefined || Array.isArray(value) ? undefined : String(value);
  }

  private value(name: string): ContextValue | undefined {
    if (this.byName === undefined) {
      this.byName = new Map();
      for (const [key, value] of Object.entries(this.given)) {
        if (value !== undefined && value !== null) this.byName.set(key.toLowerCase(), value);
      }
    }
    return this.byName.get(name);
  }
}
