import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Largest contract that is read, in bytes. */
const maxBytes = 1_000_000;

/**
 * Reads the contract of a service by an outside image.
 * @param path  from the project's root @example "contracts/notes.json"
 * @param root  @default this checkout
 * @throws {Error} with the rest of a sentence, when it cannot be read or is not JSON
 */
export function readContractFile(path: string, root = join(__dirname, "..")): unknown {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(root, path));
  } catch (error) {
    throw new Error(`must name a file that can be read, got ${(error as NodeJS.ErrnoException).code}; write the file`);
  }
  if (bytes.length > maxBytes) {
    throw new Error(`must be at most ${maxBytes} bytes, got ${bytes.length}; make it smaller`);
  }
  try {
    return JSON.parse(bytes.toString());
  } catch (error) {
    throw new Error(`must be JSON, got ${(error as Error).message}; correct the file`);
  }
}
