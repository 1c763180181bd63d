/**
 * Arguments of every Node.js process of the platform: V8 keeps its heap small, at the cost of speed that one machine does
 * not need. docs/local.md has what was measured with and without.
 */
export const smallHeapArguments: readonly string[] = ["--optimize-for-size", "--max-semi-space-size=1"];

/**
 * Environment variables of every process of the platform: glibc gives freed memory back early and uses one arena. Other C
 * libraries ignore them.
 * @see https://man7.org/linux/man-pages/man3/mallopt.3.html
 */
export const smallHeapVariables: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: "1",
  MALLOC_TRIM_THRESHOLD_: "65536",
};
