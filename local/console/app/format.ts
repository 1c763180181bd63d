const number = new Intl.NumberFormat("en");

/** @example count(1, "request") // "1 request" */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${number.format(amount)} ${amount === 1 ? noun : plural}`;
}

/** Writes a part of a whole as a percentage; 0 % of nothing. @example share(1, 3) // "33 %" */
export function share(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : (100 * part) / whole;
  return `${percent === 0 || percent >= 10 ? Math.round(percent) : percent.toPrecision(1)} %`;
}

/** @example milliseconds(1234) // "1.2 s" */
export function milliseconds(value: number): string {
  if (value >= 1_000) return `${(value / 1_000).toFixed(1)} s`;
  return value >= 10 ? `${Math.round(value)} ms` : `${value.toFixed(1)} ms`;
}

/** Writes a time of day with seconds. @param epoch  milliseconds since the epoch */
export function clock(epoch: number): string {
  return new Date(epoch).toLocaleTimeString("en-GB");
}
