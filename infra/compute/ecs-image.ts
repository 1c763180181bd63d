import * as ecr from "@pulumi/aws/ecr";
import * as awsxEcr from "@pulumi/awsx/ecr";
import type * as pulumi from "@pulumi/pulumi";
import type { ComputeArgs } from "../core/compute";

export interface ServiceImage {
  readonly repository: ecr.Repository;
  /** With digest, so that a task never runs anything else. */
  readonly uri: pulumi.Output<string>;
}

/** The service's private repository, and its image built from the artifact. */
export function createImage(name: string, args: ComputeArgs, opts: pulumi.CustomResourceOptions): ServiceImage {
  const repository = new ecr.Repository(
    `${name}-images`,
    {
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS" }],
      forceDelete: !args.protection,
    },
    opts,
  );
  new ecr.LifecyclePolicy(
    `${name}-images-lifecycle`,
    { repository: repository.name, policy: JSON.stringify(lifecycle) },
    opts,
  );
  const image = new awsxEcr.Image(
    `${name}-image`,
    {
      repositoryUrl: repository.repositoryUrl,
      context: args.artifact.directory,
      dockerfile: `${args.artifact.directory}/Dockerfile`,
      imageTag: args.artifact.hash.slice(0, 12),
      platform: "linux/arm64",
    },
    opts,
  );
  return { repository, uri: image.imageUri };
}

/** Untagged layers go soon; the newest images stay, so that a deployment can be undone. */
const lifecycle = {
  rules: [
    {
      rulePriority: 1,
      description: "Untagged images",
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 },
      action: { type: "expire" },
    },
    {
      rulePriority: 2,
      description: "All but the newest 30 images",
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 30 },
      action: { type: "expire" },
    },
  ],
};
