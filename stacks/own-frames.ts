/**
 * Leaves the frames of packages out of an error's stack. Pulumi prints a failed program's stack in colour, and Node 20
 * to 26 loop on a frame such as `node_modules/@pulumi/resource.ts:1:1` until memory ends: a wrong configuration took
 * 20 seconds and half a gigabyte to be reported.
 * @see https://github.com/nodejs/node/issues/64011
 */
export function ownFrames<Thrown>(error: Thrown): Thrown {
  if (error instanceof Error && error.stack !== undefined) {
    const foreign = /^ {4}at .*[/\\]node_modules[/\\]/;
    error.stack = error.stack
      .split("\n")
      .filter((line) => !foreign.test(line))
      .join("\n");
  }
  return error;
}
