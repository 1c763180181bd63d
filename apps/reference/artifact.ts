import { withFiles } from "../bundle";
import type { Artifact } from "../bundler/store";
import { pageFiles } from "./page";

/** OpenAPI documents of an environment by gateway and path. @example { http: { "/openapi.json": {} } } */
type DocumentsByGateway = Readonly<Partial<Record<"http" | "rest", Readonly<Record<string, object>>>>>;

/**
 * Makes the artifact of the function that publishes an environment's documents: its code, the page and the documents. The
 * same documents give the same hash.
 * @param code  the built app `reference`
 */
export function referenceArtifact(code: Artifact, environment: string, documents: DocumentsByGateway): Artifact {
  const files = Object.entries(documents).flatMap(([gateway, byPath]) =>
    Object.entries(byPath).map(([path, document]) => [`${gateway}${path}`, JSON.stringify(document)]),
  );
  return withFiles(code, `reference-${environment}`, { ...pageFiles(), ...Object.fromEntries(files) });
}
