import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../graph/user-error";

const pathIn = (folder: string) => join(folder, "control-token");

/** Makes the token of a platform's control API, and writes it for its own user alone: mode 0600. */
export function makeControlToken(folder: string): string {
  const token = randomBytes(32).toString("hex");
  // A file that is there would keep its mode.
  removeControlToken(folder);
  writeFileSync(pathIn(folder), token, { mode: 0o600, flag: "wx" });
  return token;
}

/** Reads the token of the platform that runs from a folder. @throws {UserError} when there is none */
export function readControlToken(folder: string): string {
  try {
    return readFileSync(pathIn(folder), "utf8").trim();
  } catch (error) {
    const { message } = error as Error;
    throw new UserError(`the token of the platform cannot be read: ${message}; start one with \`npm start\``);
  }
}

/** Removes the token when its platform ends. */
export function removeControlToken(folder: string): void {
  rmSync(pathIn(folder), { force: true });
}
