import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../graph/user-error";
import { type LogLine, readLogLine } from "../../local/log/line";
import { print } from "../print";
import { FollowedFile } from "./followed-file";
import { formatLogLine, isError } from "./format";

/** Options of the command; `npm run logs -- --help` describes them. */
export interface LogsOptions {
  readonly state: string;
  readonly follow?: boolean;
  readonly errors?: boolean;
  readonly last: number;
  /** Ends following. @default never */
  readonly signal?: AbortSignal;
}

const pollMilliseconds = 200;

/**
 * Runs the command `logs`: prints what servers, functions, gateways and the platform of this machine logged in their last
 * run.
 * @param words  each must be a word of the source: a service, region or zone, `gateway`; none prints all
 * @throws {UserError} when there is no log, or nothing of that name logged
 */
export async function logs(words: readonly string[], options: LogsOptions): Promise<void> {
  const path = join(options.state, "platform.log");
  if (!existsSync(path) && !options.follow) {
    throw new UserError(
      `there is no log ${path}; start a platform with \`npm start\`, or name its folder with --state`,
    );
  }
  const file = new FollowedFile(path);
  try {
    const lines = file.read().flatMap((line) => readLogLine(line) ?? []);
    const wanted = lines.filter((line) => isWanted(line, words, options));
    if (!options.follow) refuseUnknown(words, lines);
    await printLines(wanted.slice(Math.max(0, wanted.length - options.last)));
    while (options.follow && !options.signal?.aborted) {
      await sleep(pollMilliseconds, undefined, { signal: options.signal }).catch(() => {});
      const added = file.read().flatMap((line) => readLogLine(line) ?? []);
      await printLines(added.filter((line) => isWanted(line, words, options)));
    }
  } finally {
    file.close();
  }
}

function isWanted(line: LogLine, words: readonly string[], { errors }: LogsOptions): boolean {
  const ofSource = line.source.split(" ");
  return words.every((word) => ofSource.includes(word)) && (!errors || isError(line));
}

function refuseUnknown(words: readonly string[], lines: readonly LogLine[]): void {
  const known = [...new Set(lines.flatMap(({ source }) => source.split(" ")))].sort();
  const unknown = words.find((word) => !known.includes(word));
  if (unknown === undefined) return;
  throw new UserError(`a word must be that of a source which logged, got "${unknown}"; allowed: ${known.join(", ")}`);
}

async function printLines(lines: readonly LogLine[]): Promise<void> {
  if (lines.length === 0) return;
  await print(lines.map(formatLogLine).join("\n"));
}
