import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Absolute path of the folder of Pulumi.yaml: the nearest above this module, independent of where it was compiled to.
 */
export const projectRoot = findUp(__dirname);

function findUp(folder: string): string {
  if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`no Pulumi.yaml in ${__dirname} or above; run from a checkout of the project`);
  return findUp(parent);
}
