import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { PlanError } from "./capture";

/** Bytes; a configuration file is a few kilobytes. */
const MAX_FILE_BYTES = 1_000_000;

export interface ProjectFiles {
  readonly project: string;
  /** Full keys; values as the CLI hands them to a program: text, JSON for what is structured. */
  readonly config: Readonly<Record<string, string>>;
}

/**
 * Reads `Pulumi.yaml` and `Pulumi.<environment>.yaml` as the CLI does, defaults of the project included.
 * @param root  folder of both files
 * @throws {PlanError} on a file that is missing, too large or not clean YAML, and on encrypted values
 */
export function readProject(root: string, environment: string): ProjectFiles {
  const project = readYaml(root, "Pulumi.yaml");
  const file = `Pulumi.${environment}.yaml`;
  const own = readYaml(root, file)["config"] ?? {};
  const config: Record<string, string> = {};
  for (const [key, declaration] of Object.entries<any>(project["config"] ?? {})) {
    if (declaration?.default !== undefined) config[key] = text(declaration.default);
  }
  for (const [key, value] of Object.entries<any>(own)) {
    if (!key.includes(":")) {
      throw new PlanError(`${file}: ${key} is not a configuration key; write ${project["name"]}:${key}`);
    }
    if (typeof value === "object" && value !== null && "secure" in value) {
      throw new PlanError(
        `${file}: ${key} is encrypted, and a plan has no key; keep secrets in Secrets Manager and their names in config`,
      );
    }
    config[key] = text(value);
  }
  return { project: project["name"], config };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function readYaml(root: string, file: string): Record<string, any> {
  const path = join(root, file);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined)
    throw new PlanError(`${file} does not exist; name an environment that has one, such as dev or prod`);
  if (size > MAX_FILE_BYTES)
    throw new PlanError(`${file} must be at most ${MAX_FILE_BYTES} bytes, got ${size}; make it smaller`);
  const document = parseDocument(readFileSync(path, "utf8"));
  const [problem] = document.errors;
  if (problem) throw new PlanError(`${file} is not valid YAML: ${problem.message.split("\n")[0]}; mend that line`);
  try {
    return document.toJS({ maxAliasCount: 50 }) ?? {};
  } catch (error) {
    throw new PlanError(`${file} cannot be read: ${(error as Error).message}; write the values out instead of aliases`);
  }
}
