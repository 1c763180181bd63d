import { assertNever } from "../../contract/assert-never";
import type { Artifact } from "../artifact";
import { runtimeOf } from "../runtimes";

/** Processors that an image from outside may be for. */
export const architectures = ["arm64", "amd64"] as const;
/** Processor that an image is for. */
export type Architecture = (typeof architectures)[number];

/** A container image from outside the account, and how its tasks run. */
export interface OutsideImage {
  /** Registry, repository and digest. @example "ghcr.io/acme/notes@sha256:<64 hex digits>" */
  readonly reference: string;
  /** Path that answers 200 while the server works. @example "/health" */
  readonly healthPath: string;
  readonly architecture: Architecture;
  /** User that its process runs as, never root. */
  readonly user: string;
  /** Arguments in place of the image's own command. @default the image's own */
  readonly command?: readonly string[];
}

/** What the tasks of a service run: an artifact of this project, or an image from outside. */
export type TaskSource =
  | { readonly kind: "artifact"; readonly artifact: Artifact }
  | { readonly kind: "outside"; readonly image: OutsideImage };

/** How the process of a container runs. */
export interface Program {
  /** @default the command of the image */
  readonly command?: readonly string[];
  /** Command that checks it from within the container. @default none is known */
  readonly healthCheck?: readonly string[];
  readonly user: string;
  readonly architecture: Architecture;
}

/** Returns how the process of a task runs. */
export function programOf(source: TaskSource): Program {
  switch (source.kind) {
    case "artifact": {
      const { command, healthCheck, user } = runtimeOf(source.artifact);
      return { command, healthCheck, user, architecture: "arm64" };
    }
    case "outside": {
      const { command, user, architecture } = source.image;
      return { ...(command && { command }), user, architecture };
    }
    default:
      return assertNever(source);
  }
}
