import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { namespaceProblems } from "../stacks/config/raw";
import { UserError } from "./user-error";
import { parseProjectYaml } from "./yaml";

/** Largest size of a configuration file, which usually is a few kilobytes. */
const MAX_FILE_BYTES = 1_000_000;

/** The name and the configuration of a project, from its files. */
export interface ProjectFiles {
  /** Name in Pulumi.yaml. */
  readonly project: string;
  /** Configuration by full key (`platform:regions`), with values as the CLI passes them to a program: text or JSON. */
  readonly config: Readonly<Record<string, string>>;
}

/**
 * Reads `Pulumi.yaml` and `Pulumi.<environment>.yaml` as the CLI does, including the defaults in `Pulumi.yaml`.
 * @param root  folder of both files
 * @throws {UserError} on a file that is missing, too large or not valid YAML, on encrypted values, and on keys in a
 *   namespace that nothing reads
 */
export function readProject(root: string, environment: string): ProjectFiles {
  const project = readYaml(root, "Pulumi.yaml");
  const file = `Pulumi.${environment}.yaml`;
  const settings = readYaml(root, file);
  checkSettings(settings, file);
  const own = settings["config"] ?? {};
  const config: Record<string, string> = {};
  for (const [key, declaration] of Object.entries<any>(project["config"] ?? {})) {
    if (declaration?.default !== undefined) config[key] = text(declaration.default);
  }
  for (const [key, value] of Object.entries<any>(own)) {
    if (!key.includes(":")) {
      throw new UserError(`${file}: ${key} is not a configuration key; write ${project["name"]}:${key}`);
    }
    if (typeof value === "object" && value !== null && "secure" in value) {
      throw new UserError(
        `${file}: ${key} is encrypted, and a plan has no key to decrypt it; keep secrets in Secrets Manager and their names in config`,
      );
    }
    config[key] = text(value);
  }
  const [unread] = namespaceProblems(project["name"], Object.keys(own));
  if (unread) throw new UserError(`${file}: ${unread.namespace}:${unread.path} ${unread.text}`);
  return { project: project["name"], config };
}

/** Returns the configuration of a project with every part, also those that are left out on AWS for their cost. */
export function withEverything(project: string, config: ProjectFiles["config"]): ProjectFiles["config"] {
  return { ...config, [`${project}:leaveOut`]: "[]" };
}

/** Top-level keys of an environment's file, of which a plan reads `config` only. */
const settingNames = ["config", "encryptedkey", "encryptionsalt", "environment", "secretsprovider"];

function checkSettings(settings: Record<string, any>, file: string): void {
  const unknown = Object.keys(settings).find((key) => !settingNames.includes(key));
  if (unknown !== undefined) {
    throw new UserError(
      `${file} must have the keys ${settingNames.join(", ")} only, got ${unknown}; move it into config`,
    );
  }
  const config = settings["config"] ?? {};
  if (typeof config !== "object" || Array.isArray(config)) {
    throw new UserError(
      `${file}: config must be a mapping of keys to values, got ${text(config)}; write one key a line`,
    );
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function readYaml(root: string, file: string): Record<string, any> {
  const path = join(root, file);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined)
    throw new UserError(`${file} does not exist; name an environment that has one, such as dev or prod`);
  if (size > MAX_FILE_BYTES)
    throw new UserError(`${file} must be at most ${MAX_FILE_BYTES} bytes, got ${size}; make it smaller`);
  return parseProjectYaml(readFileSync(path, "utf8"), file);
}
