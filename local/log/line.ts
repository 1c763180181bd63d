import { oneLine } from "../../graph/printable";

/** A line of `platform.log`: when, from whom, and what. */
export interface LogLine {
  /** Time of writing, in ISO 8601. */
  readonly time: string;
  /** What logged it: `food-store eu-west-1a`, `gateway eu-west-1`, `route53`. */
  readonly source: string;
  /** Text, or a JSON object: of a server, a function, or an access log. */
  readonly text: string;
}

/** Ends a time and a source; tabs in the text are escaped. */
const separator = "\t";

/** Writes a line of now, without its end. Characters that a terminal obeys are escaped. */
export function writeLogLine(source: string, text: string): string {
  return [new Date().toISOString(), oneLine(source), oneLine(text)].join(separator);
}

/** Reads a line, without its end; undefined where it is none, such as one that a full disk cut. */
export function readLogLine(line: string): LogLine | undefined {
  const [time = "", source, text] = line.split(separator);
  if (source === undefined || text === undefined || Number.isNaN(Date.parse(time))) return undefined;
  return { time, source, text };
}
