import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Folder of Pulumi.yaml, wherever this module was compiled to. */
export const projectRoot = findUp(__dirname);

function findUp(folder: string): string {
  if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`no Pulumi.yaml in ${__dirname} or above; run from a checkout of the project`);
  return findUp(parent);
}
