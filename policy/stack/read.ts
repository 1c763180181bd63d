/* Reads that never throw on a shape nobody expected: rules run over any program. */

/** A list as it is; nothing is an empty list; one value is a list of it. */
export function list(value: unknown): any[] {
  if (value === undefined || value === null || value === "") return [];
  return Array.isArray(value) ? value : [value];
}

/** An object as it is, its only element when a list holds it, else an empty one. */
export function block(value: unknown): Record<string, any> {
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === "object" && one !== null ? (one as Record<string, any>) : {};
}

/** Objects of a list. */
export function blocks(value: unknown): Record<string, any>[] {
  return list(value).filter((item) => typeof item === "object" && item !== null && !Array.isArray(item));
}

export function isTrue(value: unknown): boolean {
  return value === true || value === "true" || value === "enabled" || value === "Enabled";
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** Texts of a list. */
export function texts(value: unknown): string[] {
  return list(value).filter((item): item is string => typeof item === "string");
}

/** A number, or the number a text holds; undefined for anything else. */
export function number(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
}

/** Value at a path such as `networkConfiguration.subnets`; the first element where a list is in the way. */
export function at(value: unknown, path: string): any {
  return path.split(".").reduce<any>((from, key) => {
    const holder = Array.isArray(from) && !/^\d+$/.test(key) ? from[0] : from;
    return typeof holder === "object" && holder !== null ? holder[key] : undefined;
  }, value);
}

/** Parsed JSON of a text, the object itself, or undefined. */
export function json(value: unknown): any {
  if (typeof value !== "string") return typeof value === "object" && value !== null ? value : undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** A value in a message: short, on one line. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return "none";
  const shown = typeof value === "string" ? `"${value}"` : (JSON.stringify(value) ?? String(value));
  return shown.length > 80 ? `${shown.slice(0, 77)}...` : shown;
}

/** Every text inside a value, however deep. */
export function flatTexts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(flatTexts) : [];
}
