import { join } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { projectRoot } from "../graph/project-root";

/** Taken when it is free and no other was asked for, so that the URL is the same every time. */
export const USUAL_PORT = 8080;

/** Folder where a running platform says where it is; one platform per folder. */
export function stateOption(): Option {
  return new Option("--state <folder>", "where endpoints.json and the log of the platform are").default(
    join(projectRoot, ".local"),
    ".local",
  );
}

/** Parses a whole number of a range. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`must be a whole number from ${least} to ${most}.`);
  };
}

/** Parses a number of a range. */
export function numberBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`must be a number from ${least} to ${most}.`);
  };
}

/** Collects `https://legacy.example.com=http://127.0.0.1:9000`, an origin outside and its stand-in on this machine. */
export function originPair(text: string, known: Readonly<Record<string, string>> = {}): Record<string, string> {
  const found = /^(https?:\/\/[^/=]+)=(http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d+)$/.exec(text);
  if (found?.[1] && found[2]) return { ...known, [found[1]]: found[2] };
  throw new InvalidArgumentError(
    "must read <origin>=<loopback origin>, such as https://legacy.example.com=http://127.0.0.1:9000.",
  );
}
