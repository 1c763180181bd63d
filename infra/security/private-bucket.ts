import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import { logicalName } from "../naming/names";
import { type ResourceStatement, resourcePolicy, tlsOnly } from "./resource-policy";

/** A statement that a bucket's policy gets in addition to its own; the bucket adds `Effect` and `Resource`. */
interface BucketGrant extends Omit<ResourceStatement, "Effect" | "Resource"> {
  /** Keys of the objects it is about. @example "logs/*" */
  readonly path: pulumi.Input<string>;
}

/** Arguments of `PrivateBucket`. */
export interface PrivateBucketArgs {
  /** Days after which objects are deleted. @default current versions are kept for ever */
  readonly expireDays?: number;
  /** Days after which a version that was superseded or deleted is removed for good. */
  readonly keepOldVersionsDays: number;
  /** Whether a bucket that has objects refuses to be destroyed. */
  readonly protection: boolean;
  /** Whether the engine refuses to delete the bucket, also an empty one. @default false */
  readonly protect?: boolean;
  /**
   * Allowing statements for others, such as AWS services that write logs; `later` where those need the bucket first, and
   * `grantLater` then makes the policy.
   * @default none
   */
  readonly grants?: readonly BucketGrant[] | "later";
  /** ARN of the KMS key that encrypts objects. @default S3's own key (SSE-S3) */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /**
   * Days after its creation during which a version cannot be deleted, except by principals that may bypass governance
   * mode. Setting or unsetting it replaces the bucket.
   * @default no Object Lock
   */
  readonly lockDays?: number;
}

/**
 * An S3 bucket that is reached only with IAM permissions and over TLS: no ACLs, no public access, versioned, encrypted.
 */
export class PrivateBucket extends pulumi.ComponentResource {
  /** Physical name, known once the bucket's policy is in place, unless that is made later. */
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  /** Host name by which it is reached in its own region. */
  readonly regionalDomainName: pulumi.Output<string>;
  private readonly bucket: s3.Bucket;
  private readonly closed: s3.BucketPublicAccessBlock;

  constructor(
    private readonly resourceName: string,
    args: PrivateBucketArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("platform:core:PrivateBucket", resourceName, {}, opts);
    const name = resourceName;
    const bucket = new s3.Bucket(
      logicalName(`${name}-bucket`, "bucket"),
      { forceDestroy: !args.protection, ...(args.lockDays === undefined ? {} : { objectLockEnabled: true }) },
      { parent: this, ...(args.protect === undefined ? {} : { protect: args.protect }) },
    );
    this.bucket = bucket;
    this.closed = this.blockPublicAccess(name, bucket);
    this.protectContents(name, bucket, args);
    const policy = args.grants === "later" ? undefined : this.grant(name, bucket, this.closed, args.grants ?? []);
    // Users of the bucket must find the policy in place: ELB tests at once whether it may write.
    this.name = policy ? pulumi.all([bucket.bucket, policy.id]).apply(([bucketName]) => bucketName) : bucket.bucket;
    this.arn = bucket.arn;
    this.regionalDomainName = bucket.bucketRegionalDomainName;
    this.registerOutputs({ name: this.name, arn: this.arn });
  }

  /** Makes the policy of a bucket whose grants are `later`. */
  grantLater(grants: readonly BucketGrant[]): s3.BucketPolicy {
    return this.grant(this.resourceName, this.bucket, this.closed, grants);
  }

  private blockPublicAccess(name: string, bucket: s3.Bucket): s3.BucketPublicAccessBlock {
    new s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } },
      { parent: this },
    );
    return new s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      { parent: this },
    );
  }

  private protectContents(name: string, bucket: s3.Bucket, args: PrivateBucketArgs): void {
    const versioning = new s3.BucketVersioning(
      `${name}-versioning`,
      { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
      { parent: this },
    );
    new s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      { bucket: bucket.id, rules: [encryptionOf(args)] },
      { parent: this },
    );
    const versioned = { parent: this, dependsOn: [versioning] };
    if (args.lockDays !== undefined) {
      const defaultRetention = { mode: "GOVERNANCE", days: args.lockDays };
      new s3.BucketObjectLockConfiguration(
        `${name}-lock`,
        { bucket: bucket.id, rule: { defaultRetention } },
        versioned,
      );
    }
    new s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket: bucket.id,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: { prefix: "" },
            ...expirationOf(args),
            noncurrentVersionExpiration: { noncurrentDays: args.keepOldVersionsDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      versioned,
    );
  }

  private grant(
    name: string,
    bucket: s3.Bucket,
    closed: s3.BucketPublicAccessBlock,
    grants: readonly BucketGrant[],
  ): s3.BucketPolicy {
    const policy = resourcePolicy([
      tlsOnly("s3:*", [bucket.arn, pulumi.interpolate`${bucket.arn}/*`]),
      ...grants.map(({ path, ...grant }) => ({
        ...grant,
        Effect: "Allow" as const,
        Resource: pulumi.interpolate`${bucket.arn}/${path}`,
      })),
    ]);
    // S3 refuses to change a policy and the public access block of one bucket at the same time.
    return new s3.BucketPolicy(`${name}-policy`, { bucket: bucket.id, policy }, { parent: this, dependsOn: [closed] });
  }
}

/**
 * Returns the encryption rule: SSE-S3 unless a key is given, as load balancers can write their logs with nothing else.
 */
function encryptionOf({ kmsKeyArn }: PrivateBucketArgs) {
  return kmsKeyArn === undefined
    ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
    : {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
        // One call to KMS for many objects.
        bucketKeyEnabled: true,
      };
}

/** Returns the expiration of current versions. Where versions are locked, delete markers would pile up for ever. */
function expirationOf({ expireDays, lockDays }: PrivateBucketArgs) {
  if (expireDays !== undefined) return { expiration: { days: expireDays } };
  return lockDays === undefined ? {} : { expiration: { expiredObjectDeleteMarker: true } };
}
