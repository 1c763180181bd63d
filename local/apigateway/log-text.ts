// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences for terminals are among them
const needsEscape = /[\u0000-\u001f"\\\u007f-\u009f\u2028\u2029]/;

/** Escapes a value for a line of an access log: control characters, quotes and line separators. */
export function escaped(value: string | number): string {
  if (typeof value === "number") return String(value);
  if (!needsEscape.test(value)) return value;
  return JSON.stringify(value)
    .slice(1, -1)
    .replace(/[\u007f-\u009f\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
