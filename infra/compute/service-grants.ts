import * as pulumi from "@pulumi/pulumi";
import type { NeedsSpec } from "../contract/service";
import { allow, type Statement } from "../security/iam";
import { PrivateBucket } from "../security/private-bucket";

/** What one service gets in a region for its needs, in addition to what every service has; the same for every pattern. */
export interface ServiceGrants {
  /** Environment variables, by name. They must not contain secrets. */
  readonly variables: Readonly<Record<string, pulumi.Input<string>>>;
  /** Statements of the role that the service's code runs as. */
  readonly statements: readonly Statement[];
}

/** Most days that a replaced or deleted version of an object is kept, so that it can be restored. */
const maxOldVersionDays = 30;

/** Arguments of `createGrants`. */
export interface GrantsArgs {
  readonly needs: Pick<NeedsSpec, "bucket">;
  /** Whether what cannot be rebuilt is protected from deletion. */
  readonly protection: boolean;
}

/**
 * Makes what a service needs and keeps when its pattern changes, and returns what its code gets for it.
 * @param name  `<region>-<service>`
 */
export function createGrants(name: string, args: GrantsArgs, opts: pulumi.ComponentResourceOptions): ServiceGrants {
  const { bucket } = args.needs;
  return bucket === undefined ? { variables: {}, statements: [] } : bucketGrants(name, bucket, args.protection, opts);
}

/**
 * Makes the bucket of a service. Old versions are kept no longer than the objects themselves. The role may list the
 * bucket, as S3 otherwise answers 403 and not 404 for an object that is not there.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
function bucketGrants(
  name: string,
  { expireAfterDays }: NonNullable<NeedsSpec["bucket"]>,
  protection: boolean,
  opts: pulumi.ComponentResourceOptions,
): ServiceGrants {
  const bucket = new PrivateBucket(
    `${name}-objects`,
    {
      expireDays: expireAfterDays,
      keepOldVersionsDays: Math.min(expireAfterDays, maxOldVersionDays),
      protection,
      protect: protection,
    },
    opts,
  );
  return {
    variables: { BUCKET: bucket.name },
    statements: [
      allow(["s3:ListBucket"], bucket.arn),
      allow(["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], pulumi.interpolate`${bucket.arn}/*`),
    ],
  };
}
