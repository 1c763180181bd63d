import { readProject } from "../../graph/project";
import { projectRoot } from "../../graph/project-root";
import { effectiveConfig } from "../../stacks/config/effective";
import { rawConfig } from "../../stacks/config/raw";

const files = new Map<string, any>();

/**
 * The configuration of an environment's file with every default written out, by key without `platform:`; a copy of its
 * own, to be changed.
 */
export function writtenOut(environment: string): any {
  if (!files.has(environment)) {
    const { project, config } = readProject(projectRoot, environment);
    files.set(environment, withDefaults(rawConfig(project, config)));
  }
  return structuredClone(files.get(environment));
}

/** A configuration with every default written out. */
export function withDefaults(written: unknown): any {
  return structuredClone(effectiveConfig(written, "file").values);
}

/** A configuration as the CLI passes it to the program: full keys, and values as text or JSON. */
export function valuesOf(config: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      `platform:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/**
 * The configuration of an environment with a change, as the CLI passes it to the program. Who adds tenants leaves live
 * changes out, which do not go together.
 */
export function changedValues(environment: string, change: (config: any) => void): Record<string, string> {
  const config = writtenOut(environment);
  change(config);
  if (config.tenants !== undefined) delete config.live;
  return valuesOf(config);
}
