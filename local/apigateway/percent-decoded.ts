/** Decodes a percent-encoded text once; returns it unchanged when it cannot be decoded. */
export function percentDecoded(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
