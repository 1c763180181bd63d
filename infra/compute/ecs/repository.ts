import * as ecr from "@pulumi/aws/ecr";
import type * as pulumi from "@pulumi/pulumi";
import { imageTag } from "./image-tag";

/** Arguments of `createRepository`. */
export interface RepositoryArgs {
  /** Keeps the repository from being deleted while it has images. */
  readonly keepImages: boolean;
}

/** Makes the private ECR repository of a service. */
export function createRepository(
  name: string,
  args: RepositoryArgs,
  opts: pulumi.CustomResourceOptions,
): ecr.Repository {
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
  return repository;
}

/** Returns the tag of an image in a repository, see `imageTag`. @param hash  of its contents, hex */
export function tagIn(repository: ecr.Repository, hash: string): pulumi.Output<string> {
  const pushed = ecr.getImagesOutput({ repositoryName: repository.name }, { parent: repository });
  return pushed.imageIds.apply((images) =>
    imageTag(
      hash,
      images.map((each) => each.imageTag),
    ),
  );
}

/**
 * Lifecycle policy: untagged images expire soon; the newest images stay, so that a deployment can be undone. Only tags are
 * counted: an index of several processors has one, and an untagged manifest of its own for each of them, which ECR does not
 * expire before the index.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
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
      description: "All but the newest 30 tags",
      selection: { tagStatus: "tagged", tagPatternList: ["*"], countType: "imageCountMoreThan", countNumber: 30 },
      action: { type: "expire" },
    },
  ],
};
