import type { Readable } from "node:stream";

/** Where logs of servers and functions go; one call per line. */
export type LogSink = (source: string, line: string) => void;

const longest = 65_536;

/** Calls back for every line of a stream, the last unfinished one included; over-long lines are cut apart. */
export function onLines(stream: Readable, line: (text: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    for (const each of lines) line(each);
    if (rest.length > longest) {
      line(rest);
      rest = "";
    }
  });
  stream.on("end", () => {
    if (rest !== "") line(rest);
  });
}

/** Of two lines a dying process wrote, the one that says why: an error's first line, else the later one. */
export function moreTelling(known: string, line: string): string {
  return /^\w*Error\b.*:/.test(known) || /^(\s|Node\.js v|$)/.test(line) ? known : line;
}
