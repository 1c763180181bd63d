import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import type { RuntimeName } from "./runtimes";

/** A built service: one folder with its server, its Lambda handler and its Dockerfile. */
export interface Artifact {
  /** sha256 over the folder's files, hex; equal for equal sources. */
  readonly hash: string;
  /** Folder, relative to the project root: `.artifacts/food-store-<first 12 of hash>`. */
  readonly directory: string;
  /** What runs its code. */
  readonly runtime: RuntimeName;
}

/** Arguments of `uploadArtifact`. */
export interface UploadArgs {
  /** Name of the service, the first part of the key. */
  readonly service: string;
  readonly artifact: Artifact;
  /** Private bucket of the region. */
  readonly bucket: pulumi.Input<string>;
}

/**
 * Makes the S3 object of an artifact, a zip. Its key has the hash of the contents, so the object of a key never
 * changes.
 */
export function uploadArtifact(name: string, args: UploadArgs, opts: pulumi.CustomResourceOptions): s3.BucketObjectv2 {
  return new s3.BucketObjectv2(
    name,
    {
      bucket: args.bucket,
      key: artifactKey(args),
      source: new pulumi.asset.FileArchive(args.artifact.directory),
      // Kept with the object; the AWS CLI compares it on download.
      checksumAlgorithm: "SHA256",
      serverSideEncryption: "AES256",
    },
    // A deployment that rolls back starts servers from the previous artifact.
    { ...opts, retainOnDelete: true },
  );
}

/** Returns the S3 key of an artifact. @example "food-store/<sha256>.zip" */
export function artifactKey({ service, artifact }: Pick<UploadArgs, "service" | "artifact">): string {
  return `${service}/${artifact.hash}.zip`;
}
