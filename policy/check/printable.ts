/**
 * Characters that a terminal obeys, that reorder or hide text, or that some readers take for the end of a line: controls
 * (escape sequences begin with one), bidirectional and zero-width characters, separators, and lone surrogates.
 * @see https://trojansource.codes
 */
const unsafe =
  /[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/**
 * Writes text from outside on one line: every unsafe character becomes its JSON escape, `\u001b`.
 * @example oneLine("a\u001b[31m\nb") // "a\\u001b[31m\\nb"
 */
export function oneLine(text: string): string {
  return text.replace(unsafe, escaped);
}

/**
 * Makes text safe for a terminal: as `oneLine`, but line feeds and tabs stay. A JSON document stays the same document, as
 * such characters are in its strings only.
 */
export function printable(text: string): string {
  return text.replace(unsafe, (character) =>
    character === "\n" || character === "\t" ? character : escaped(character),
  );
}

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(character: string): string {
  if (short[character] !== undefined) return short[character];
  // One escape for each half of a character beyond the first plane, as JSON has them.
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
    .join("");
}
