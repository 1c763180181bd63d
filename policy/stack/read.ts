/* Reads that never throw on an unexpected shape: rules run over any program. */

/** Returns a list as it is, an empty one for nothing, and a list of one for any other value. */
export function list(value: unknown): any[] {
  if (value === undefined || value === null || value === "") return [];
  return Array.isArray(value) ? value : [value];
}

/** Returns an object as it is, the first element of a list, else an empty object. */
export function block(value: unknown): Record<string, any> {
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === "object" && one !== null ? (one as Record<string, any>) : {};
}

/** Returns the objects of a list. */
export function blocks(value: unknown): Record<string, any>[] {
  return list(value).filter((item) => typeof item === "object" && item !== null && !Array.isArray(item));
}

/** Tells whether a value means true: `true`, `"true"` or `"enabled"`. */
export function isTrue(value: unknown): boolean {
  return value === true || value === "true" || value === "enabled" || value === "Enabled";
}

/** Returns a text as it is, a number as text, and an empty text for anything else. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** Returns the texts of a list. */
export function texts(value: unknown): string[] {
  return list(value).filter((item): item is string => typeof item === "string");
}

/** Returns a number, or the number that a text is; undefined for anything else. */
export function number(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
}

/** Returns the value at a path such as `networkConfiguration.subnets`; the first element where a list is in the way. */
export function at(value: unknown, path: string): any {
  return path.split(".").reduce<any>((from, key) => {
    const holder = Array.isArray(from) && !/^\d+$/.test(key) ? from[0] : from;
    return typeof holder === "object" && holder !== null ? holder[key] : undefined;
  }, value);
}

/** Returns the parsed JSON of a text, the object itself, or undefined. */
export function json(value: unknown): any {
  if (typeof value !== "string") return typeof value === "object" && value !== null ? value : undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** Writes a value for a message: short, on one line. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return "none";
  const shown = typeof value === "string" ? `"${value}"` : (JSON.stringify(value) ?? String(value));
  return shown.length > 80 ? `${shown.slice(0, 77)}...` : shown;
}

/** Returns every text inside a value, at any depth. */
export function flatTexts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(flatTexts) : [];
}
