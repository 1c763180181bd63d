import { join } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { projectRoot } from "../graph/project-root";

/** Port of the platform's address when `--port` is not given and the port is free, so that the URL stays the same. */
export const PREFERRED_PORT = 8080;

/**
 * Makes the option `--state`: the folder in which a running platform writes its endpoints. Each folder
 * has one platform at most.
 */
export function stateOption(): Option {
  return new Option("--state <folder>", "where endpoints.json and the log of the platform are").default(
    join(projectRoot, ".local"),
    ".local",
  );
}

/** Returns a parser of whole numbers in a range, for an option. @throws (the parser) {InvalidArgumentError} */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`must be a whole number from ${least} to ${most}.`);
  };
}

/** Returns a parser of numbers in a range, for an option. @throws (the parser) {InvalidArgumentError} */
export function numberBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`must be a number from ${least} to ${most}.`);
  };
}

/**
 * Parses an origin outside the platform and the origin on this machine that stands in for it, for an option that may be
 * repeated.
 * @example originPair("https://legacy.example.com=http://127.0.0.1:9000")
 * @param known  pairs of the options before
 * @throws {InvalidArgumentError} when the text has another form
 */
export function originPair(text: string, known: Readonly<Record<string, string>> = {}): Record<string, string> {
  const found = /^(https?:\/\/[^/=]+)=(http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d+)$/.exec(text);
  if (found?.[1] && found[2]) return { ...known, [found[1]]: found[2] };
  throw new InvalidArgumentError(
    "must read <origin>=<loopback origin>, such as https://legacy.example.com=http://127.0.0.1:9000.",
  );
}

/**
 * Parses a service and the program of this machine that stands in for its image, for an option that may be repeated.
 * @example insteadPair("notes=http://127.0.0.1:3000")
 * @param known  pairs of the options before
 * @throws {InvalidArgumentError} when the text has another form
 */
export function insteadPair(text: string, known: Readonly<Record<string, string>> = {}): Record<string, string> {
  const found = /^([a-z][a-z0-9-]*)=(http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d+)$/.exec(text);
  if (found?.[1] && found[2]) return { ...known, [found[1]]: found[2] };
  throw new InvalidArgumentError("must read <service>=<loopback origin>, such as notes=http://127.0.0.1:3000.");
}

/** Parses names with commas between them, for an option. @throws {InvalidArgumentError} */
export function names(text: string): readonly string[] {
  const all = text.split(",").map((name) => name.trim());
  if (all.every((name) => /^[a-z][a-z0-9-]*$/.test(name))) return all;
  throw new InvalidArgumentError("must read <name>,<name>, such as food-store,pet-store.");
}

/** Parses the origin of a server, for an option. @throws {InvalidArgumentError} when the text has another form */
export function origin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url && ["http:", "https:"].includes(url.protocol) && `${url.origin}/` === url.href;
  if (url && plain) return url.origin;
  throw new InvalidArgumentError("must be an origin, such as http://127.0.0.1:8000.");
}

/** Parses the name of an environment, for an option. @throws {InvalidArgumentError} */
export function environmentName(text: string): string {
  if (/^[a-z][a-z0-9]*$/.test(text)) return text;
  throw new InvalidArgumentError("must name a whole environment, such as prod.");
}

/** Parses a URL, for an option. @throws {InvalidArgumentError} */
export function address(text: string): string {
  if (/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : "")) return text;
  throw new InvalidArgumentError("must be a URL, such as http://127.0.0.1:5000.");
}
