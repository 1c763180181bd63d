/**
 * Returns the resources that API Gateway makes of paths: a node of its tree for each segment, and the root.
 * @example resourcesOf(["/a/b", "/a/c"]) // ["/", "/a", "/a/b", "/a/c"]
 */
export function resourcesOf(paths: readonly string[]): string[] {
  const nodes = paths.flatMap((path) => {
    const segments = path.split("/").filter((segment) => segment !== "");
    return segments.map((_, i) => `/${segments.slice(0, i + 1).join("/")}`);
  });
  return [...new Set(["/", ...nodes])];
}
