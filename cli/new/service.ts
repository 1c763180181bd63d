import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { catalog } from "../../apps/catalog";
import { UserError } from "../../graph/user-error";
import { catalogFile, withoutService, withService } from "./catalog-file";
import { withoutServiceEntry, withServiceEntry } from "./environment-file";
import { camelName, renamer } from "./names";
import { type Changes, textOf, uncommitted } from "./tree";

const contracts: Readonly<Record<string, { readonly port: number }>> = catalog;
const listed = () => Object.keys(contracts).join(", ");

/** Returns the files with which a project has a new service: a copy of another one under its own name. */
export function addService(root: string, service: string, like: string): Changes {
  checkName(service);
  if (!Object.hasOwn(contracts, like)) {
    throw new UserError(`--like must be a service of apps/catalog.ts, got ${JSON.stringify(like)}; name ${listed()}`);
  }
  if (existsSync(join(root, "apps", service)) || Object.hasOwn(contracts, service)) {
    throw new UserError(
      `a new service must have a name that nothing in apps/ has, got ${service}; choose another, or take that one away with --remove`,
    );
  }
  if (existsSync(join(root, "apps", like, "openapi.json")) && service.includes("-") && !like.includes("-")) {
    throw new UserError(
      `a copy of ${like} must have a name of one word, as paths and code write its name alike, got ${service}; try ${service.replaceAll("-", "")}`,
    );
  }
  const files = copyOf(root, service, like, portOf(contracts));
  checkIdentifier(root, service, like);
  return new Map([
    ...files,
    ...edited(root, catalogFile, (text) => withService(text, service, like)),
    ...environmentFiles(root).flatMap((path) =>
      edited(root, path, (text) => withServiceEntry({ path, text }, service, like)),
    ),
  ]);
}

/** Returns the files with which a project has one service less. */
export function removeService(root: string, service: string): Changes {
  const files = filesIn(root, `apps/${service}`);
  if (!Object.hasOwn(contracts, service)) {
    throw new UserError(
      `--remove must name a service of apps/catalog.ts, got ${JSON.stringify(service)}; name ${listed()}`,
    );
  }
  const lost = uncommitted(root, [`apps/${service}`]);
  if (lost.length > 0 && !isCopy(root, service, files)) {
    throw new UserError(
      `--remove would delete changes that git does not have, got ${lost.join(", ")}; commit them first, or delete apps/${service} yourself`,
    );
  }
  return new Map([
    ...files.map((path) => [path, undefined] as const),
    ...edited(root, catalogFile, (text) => withoutService(text, service)),
    ...environmentFiles(root).flatMap((path) =>
      edited(root, path, (text) => withoutServiceEntry({ path, text }, service)),
    ),
  ]);
}

/** Returns the port of the next service: the first after those of the others. */
function portOf(known: Readonly<Record<string, { readonly port: number }>>): number {
  return Math.max(...Object.values(known).map(({ port }) => port)) + 1;
}

/** Returns the files of the environments, `Pulumi.<environment>.yaml`. */
export function environmentFiles(root: string): string[] {
  return readdirSync(root)
    .filter((name) => /^Pulumi\.[a-z][a-z0-9]{0,19}\.yaml$/.test(name))
    .sort();
}

function edited(root: string, path: string, edit: (text: string) => string): [string, string][] {
  const text = textOf(root, path);
  if (text === undefined) throw new UserError(`${path} must be there, got no such file; restore it`);
  return [[path, edit(text)]];
}

/** Returns the paths of all files in a folder. */
export function filesIn(root: string, below: string): string[] {
  const folder = join(root, below);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

function copyOf(root: string, service: string, like: string, port: number): [string, string][] {
  const rename = renamer(like, service);
  const from = `apps/${like}/`;
  return filesIn(root, `apps/${like}`).map((path): [string, string] => [
    `apps/${service}/${rename(path.slice(from.length))}`,
    rename(textOf(root, path) ?? "").replace(
      new RegExp(`^(.*\\bport"?: )${contracts[like]?.port},`, "m"),
      `$1${port},`,
    ),
  ]);
}

/** Whether a service's files are those that the command made from another one, so that nothing is lost with them. */
function isCopy(root: string, service: string, files: readonly string[]): boolean {
  const now = new Map(files.map((path) => [path, plain(textOf(root, path) ?? "")]));
  return Object.keys(contracts)
    .filter((like) => like !== service)
    .some((like) => {
      const copy = copyOf(root, service, like, contracts[service]?.port ?? 0);
      return copy.length === now.size && copy.every(([path, text]) => now.get(path) === plain(text));
    });
}

/** A text without what a formatter changes: spaces, commas at the end of a line and the order of imported names. */
export function plain(text: string): string {
  const words = text.replace(/^import .*$/gm, (line) => line.split(/\W+/).sort().join(" "));
  return words.replace(/,(?=\s*[)\]}])/g, "").replace(/\s+/g, "");
}

function checkName(service: string): void {
  if (/^[a-z](-?[a-z0-9])*$/.test(service) && service.length <= 40) return;
  throw new UserError(
    `a service must be named with at most 40 lower-case letters, digits and single inner hyphens, got ${JSON.stringify(service)}; try book-store`,
  );
}

/** Checks that code can have the name where the other service's stands. */
function checkIdentifier(root: string, service: string, like: string): void {
  const name = camelName(service);
  const used = filesIn(root, `apps/${like}`).find((path) => new RegExp(`\\b${name}\\b`).test(textOf(root, path) ?? ""));
  if (used !== undefined || !isIdentifier(name)) {
    const where = used === undefined ? "a word of the language" : `a name in ${used}`;
    throw new UserError(
      `a service must have a name of its own in code, got ${service}, which is ${where}; try ${service}-service`,
    );
  }
}

function isIdentifier(name: string): boolean {
  try {
    new Script(`"use strict"; const ${name} = 0;`);
    return true;
  } catch {
    return false;
  }
}
