import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface CaseFile<Case> {
  readonly area: string;
  readonly cases: readonly Case[];
}

/**
 * Reads the files of a folder next to this file, by area.
 * @param completed  returns a case with what its file gives for all of its cases
 */
export function readCaseFiles<Case, File extends CaseFile<Case> = CaseFile<Case>>(
  folder: string,
  completed: (each: Case, file: File) => Case = (each) => each,
): ReadonlyMap<string, readonly Case[]> {
  const path = join(__dirname, folder);
  const files = readdirSync(path).filter((name) => name.endsWith(".json"));
  return new Map(
    files.sort().map((name) => {
      const file: File = JSON.parse(readFileSync(join(path, name), "utf8"));
      return [file.area, file.cases.map((each) => completed(each, file))];
    }),
  );
}
