import { printable } from "../graph/printable";
import { UserError } from "../graph/user-error";
import { EXIT } from "./errors";

/**
 * Writes text and a line end to stdout and waits until all of it is written, because an exit would cut a long document.
 * Characters that change a terminal are escaped. When the reader of a pipe stops early, as `head` does, the process ends
 * with exit code 0.
 * @throws {UserError} when it cannot be written: a full disk, a closed terminal
 */
export async function print(text: string): Promise<void> {
  try {
    await write(process.stdout, text);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EPIPE") process.exit(EXIT.ok);
    throw new UserError(`the output cannot be written: ${message}; write it to another place`);
  }
}

/**
 * Writes text and a line end to stderr. Characters that change a terminal are escaped. A note that cannot be written is
 * lost, because there is no other place to say so.
 */
export async function note(text: string): Promise<void> {
  await write(process.stderr, text).catch(() => {});
}

function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // Without a listener the error would also end the process.
    stream.once("error", reject);
    stream.write(`${printable(text)}\n`, (error) => {
      if (error) return reject(error);
      stream.removeListener("error", reject);
      resolve();
    });
  });
}
