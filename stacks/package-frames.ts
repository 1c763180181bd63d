/**
 * Removes the frames of packages from the stack trace of an error and returns the error. Pulumi prints the stack trace
 * of a failed program in colour. While doing so, Node.js 20 to 26 loops on a frame such as
 * `node_modules/@pulumi/resource.ts:1:1` until memory is used up: reporting a wrong configuration took 20 seconds and
 * half a gigabyte.
 * @see https://github.com/nodejs/node/issues/64011
 */
export function withoutPackageFrames<Thrown>(error: Thrown): Thrown {
  if (error instanceof Error && error.stack !== undefined) {
    const packageFrame = /^ {4}at .*[/\\]node_modules[/\\]/;
    error.stack = error.stack
      .split("\n")
      .filter((line) => !packageFrame.test(line))
      .join("\n");
  }
  return error;
}
