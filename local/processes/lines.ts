import type { Readable } from "node:stream";

/** A function that gets every line that servers and functions log. */
export type LogSink = (source: string, line: string) => void;

const maxLineLength = 65_536;

/**
 * Calls back for every line of a stream, including an unfinished last one. Splits lines longer than 64 K characters.
 */
export function onLines(stream: Readable, line: (text: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    for (const each of lines) line(each);
    if (rest.length > maxLineLength) {
      line(rest);
      rest = "";
    }
  });
  stream.on("end", () => {
    if (rest !== "") line(rest);
  });
}

/**
 * Chooses which of two lines of a process that ended explains its end better: the first line of an error, else the
 * later line. Lines of a stack trace and empty lines are never chosen.
 * @param known  line chosen so far; empty at first
 */
export function chooseErrorLine(known: string, line: string): string {
  return /^\w*Error\b.*:/.test(known) || /^(\s|Node\.js v|$)/.test(line) ? known : line;
}
