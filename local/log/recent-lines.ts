import { oneLine } from "../../graph/printable";
import type { LogSink } from "../processes/lines";

/** Lines that are kept of each source. */
const maxLines = 5;
const maxLength = 300;

/** The last lines that each source logged, shown when it does not start. */
export class RecentLines {
  private readonly bySource = new Map<string, string[]>();

  /** Returns a sink that keeps the last lines of what it passes on. */
  keeping(log: LogSink): LogSink {
    return (source, line) => {
      const lines = this.bySource.get(source) ?? [];
      lines.push(oneLine(line.slice(0, maxLength)));
      if (lines.length > maxLines) lines.shift();
      this.bySource.set(source, lines);
      log(source, line);
    };
  }

  /** Returns the last lines of a source, each with its source. */
  of(source: string): string[] {
    return (this.bySource.get(source) ?? []).map((line) => `${source} | ${line}`);
  }

  /** Returns the last lines of the source that a message begins with: `food-store eu-west-1a: ended with code 1`. */
  mentioned(message: string): string[] {
    const source = [...this.bySource.keys()].find((each) => message.startsWith(`${each}:`));
    return source === undefined ? [] : this.of(source);
  }
}
