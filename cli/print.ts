/**
 * Writes a line and waits until a pipe has taken all of it: an exit would cut a long document. A reader that has seen
 * enough, such as `head`, ends the command in silence.
 */
export function print(text: string): Promise<void> {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  return new Promise((resolve) => process.stdout.write(`${text}\n`, () => resolve()));
}
