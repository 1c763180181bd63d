import type { Graph } from "../model";

/** Returns the images of other registries that a deployment copies, each once, sorted; digests are cut after 12 digits. */
export function copiedImages({ resources }: Graph): string[] {
  const sources = resources
    .filter(({ type }) => type === "docker-build:index:Index")
    .flatMap(({ inputs }) => inputs["sources"] as string[]);
  return [...new Set(sources.map((source) => source.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, "$1...")))].sort();
}

/** Writes what a deployment copies, and needs for it. */
export function renderCopiedImages(graph: Graph): string[] {
  const images = copiedImages(graph);
  if (images.length === 0) return [];
  return [
    `copied into ECR by a deployment, which needs docker and, where they ask for it, a login: ${images.join(", ")}`,
  ];
}
