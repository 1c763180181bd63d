import * as ecr from "@pulumi/aws/ecr";
import * as awsxEcr from "@pulumi/awsx/ecr";
import type * as pulumi from "@pulumi/pulumi";
import type { Artifact } from "../artifact";
import { imageTag } from "./image-tag";

/** The container image of a service and its repository. */
export interface ServiceImage {
  readonly repository: ecr.Repository;
  /** URI with the digest, so that a task never runs another image. */
  readonly uri: pulumi.Output<string>;
}

/** Arguments of `createImage`. */
export interface ImageArgs {
  readonly artifact: Artifact;
  /** Keeps the repository from being deleted while it has images. */
  readonly keepImages: boolean;
}

/** Makes the private ECR repository of a service, and its image, built from the artifact. */
export function createImage(name: string, args: ImageArgs, opts: pulumi.CustomResourceOptions): ServiceImage {
  const repository = new ecr.Repository(
    `${name}-images`,
    {
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS" }],
      forceDelete: !args.keepImages,
    },
    opts,
  );
  new ecr.LifecyclePolicy(
    `${name}-images-lifecycle`,
    { repository: repository.name, policy: JSON.stringify(lifecycle) },
    opts,
  );
  const pushed = ecr.getImagesOutput({ repositoryName: repository.name }, { parent: repository });
  const image = new awsxEcr.Image(
    `${name}-image`,
    {
      repositoryUrl: repository.repositoryUrl,
      context: args.artifact.directory,
      dockerfile: `${args.artifact.directory}/Dockerfile`,
      imageTag: pushed.imageIds.apply((images) =>
        imageTag(
          args.artifact.hash,
          images.map((each) => each.imageTag),
        ),
      ),
      platform: "linux/arm64",
    },
    opts,
  );
  return { repository, uri: image.imageUri };
}

/** Lifecycle policy: untagged images expire soon; the newest images stay, so that a deployment can be undone. */
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
