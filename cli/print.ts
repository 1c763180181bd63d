/**
 * Writes a line to stdout and waits until all of it is written, because an exit would cut a long document. When the
 * reader of a pipe stops early, as `head` does, the process ends with exit code 0.
 */
export function print(text: string): Promise<void> {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  return new Promise((resolve) => process.stdout.write(`${text}\n`, () => resolve()));
}
