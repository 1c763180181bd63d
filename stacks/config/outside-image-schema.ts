import { z } from "zod";
import { architectures } from "../../infra/compute/ecs/program";
import { count } from "./count";

/** Registry, repository and digest; Docker Hub is written as docker.io. */
const reference = /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+@sha256:[0-9a-f]{64}$/;

/** Schema of the keys of a service that runs an image from outside, under `ecs` only. */
export const outsideImageKeys = {
  image: z
    .string()
    .max(300)
    .regex(
      reference,
      "must be a registry, a repository and a digest, such as ghcr.io/acme/notes@sha256: and 64 hex digits, as a tag can be moved to another image",
    )
    .optional()
    .describe(
      "Container image that the service runs instead of code in apps/, under ecs only. A deployment copies it to each region's ECR; tasks never pull it from outside. `docker buildx imagetools inspect <image>` shows the digest.",
    ),
  port: count(1, 65_535, "Port that the image listens on, the only service with it.").optional(),
  healthPath: z
    .string()
    .max(200)
    .regex(/^(\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$/, "must be a path without parameters such as /health")
    .optional()
    .describe("Path of the image that answers 200 while it works; its contract has it as an operation without token."),
  contract: z
    .string()
    .regex(/^contracts\/[a-z0-9][a-z0-9-]*\.json$/, "must be a JSON file in contracts/ such as contracts/notes.json")
    .optional()
    .describe("OpenAPI file with the routes of the image."),
  container: z
    .strictObject({
      architecture: z.enum(architectures).optional().describe("Processor that the image is for. Without it arm64."),
      user: z
        .string()
        .regex(/^[1-9]\d{0,8}(:[1-9]\d{0,8})?$/, "must be the number of a user that is not root, such as 1000")
        .optional()
        .describe("User that the image's process runs as. Without it 1000."),
      command: z
        .array(z.string().min(1).max(1000))
        .min(1)
        .max(50)
        .optional()
        .describe("Arguments in place of the image's own command."),
    })
    .optional()
    .describe("How the image runs."),
};
