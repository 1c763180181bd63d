import * as ecr from "@pulumi/aws/ecr";
import * as awsxEcr from "@pulumi/awsx/ecr";
import * as dockerBuild from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";
import { assertNever } from "../../contract/assert-never";
import type { Artifact } from "../artifact";
import type { OutsideImage, TaskSource } from "./program";
import { createRepository, type RepositoryArgs, tagIn } from "./repository";

/** The container image of a service and its repository. */
export interface ServiceImage {
  readonly repository: ecr.Repository;
  /** URI with the digest, so that a task never runs another image. */
  readonly uri: pulumi.Output<string>;
}

/** Arguments of `createImage`. */
export interface ImageArgs extends RepositoryArgs {
  readonly source: TaskSource;
}

/** Makes the private ECR repository of a service, and its image, built from the artifact or copied from outside. */
export function createImage(name: string, args: ImageArgs, opts: pulumi.CustomResourceOptions): ServiceImage {
  const repository = createRepository(name, args, opts);
  const { source } = args;
  switch (source.kind) {
    case "artifact":
      return { repository, uri: builtImage(name, repository, source.artifact, opts) };
    case "outside":
      return { repository, uri: copiedImage(name, repository, source.image, opts) };
    default:
      return assertNever(source);
  }
}

function builtImage(
  name: string,
  repository: ecr.Repository,
  { directory, hash }: Artifact,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const image = new awsxEcr.Image(
    `${name}-image`,
    {
      repositoryUrl: repository.repositoryUrl,
      context: directory,
      dockerfile: `${directory}/Dockerfile`,
      imageTag: tagIn(repository, hash),
      platform: "linux/arm64",
    },
    opts,
  );
  return image.imageUri;
}

/**
 * Copies an image from its registry to the repository, byte by byte: what the digest names is in the repository under the same
 * digest, as the image itself or, where it is for one processor only, as part of an index that is made around it. Builds
 * nothing. The registry is asked again only when the digest changes.
 * @see https://docs.docker.com/reference/cli/docker/buildx/imagetools/create/
 */
function copiedImage(
  name: string,
  repository: ecr.Repository,
  { reference }: OutsideImage,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const digest = reference.slice(reference.indexOf("@") + 1);
  const { userName, password } = ecr.getAuthorizationTokenOutput(
    { registryId: repository.registryId },
    { parent: repository },
  );
  const copy = new dockerBuild.Index(
    `${name}-copy`,
    {
      sources: [reference],
      tag: pulumi.interpolate`${repository.repositoryUrl}:${tagIn(repository, digest.slice("sha256:".length))}`,
      registry: { address: repository.repositoryUrl, username: userName, password: pulumi.secret(password) },
    },
    // The provider would delete the image by its digest, which running tasks and a rollback need.
    { ...opts, retainOnDelete: true },
  );
  return pulumi.all([repository.repositoryUrl, copy.ref]).apply(([url]) => `${url}@${digest}`);
}
