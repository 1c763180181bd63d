import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";

const declared = new Map<string, readonly string[]>();

/** Names of a resource's arguments, from the declaration of its package. */
export function argumentsOf(type: string): readonly string[] {
  const known = declared.get(type);
  if (known !== undefined) return known;
  const [, module = "", name = ""] = /^aws:([^:]+):(\w+)$/.exec(type) ?? [];
  const path = join(projectRoot, "node_modules/@pulumi/aws", `${module}.d.ts`);
  const body = existsSync(path)
    ? (new RegExp(`export interface ${name}Args \\{([\\s\\S]*?)\\n\\}`).exec(readFileSync(path, "utf8"))?.[1] ?? "")
    : "";
  const found = [...body.matchAll(/^ {4}(\w+)\??: /gm)].map(([, key]) => key!);
  declared.set(type, found);
  return found;
}
