/** Partition, region and account that an AWS resource belongs to. */
export interface Owner {
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
}

/**
 * Reads partition, region and account from an ARN, so that no provider function has to be called for them.
 * @throws {RangeError} when the ARN lacks one of them
 */
export function ownerOf(arn: string): Owner {
  const [, partition, , region, accountId] = arn.split(":");
  if (!partition || !region || !accountId) {
    throw new RangeError(`ARN "${arn}": must name partition, region and account; take it from a regional resource`);
  }
  return { partition, region, accountId };
}

/**
 * Returns the endpoint policy that admits only principals of the account: credentials of another account that were
 * brought into a server do not work here.
 */
export function ownPrincipalsPolicy(owner: Owner): string {
  return policy({
    Sid: "OwnPrincipals",
    Action: "*",
    Resource: "*",
    Condition: { StringEquals: { "aws:PrincipalAccount": owner.accountId } },
  });
}

/** Returns the policy of the DynamoDB endpoint: principals of the account, on tables of the account and region. */
export function dynamodbPolicy(owner: Owner): string {
  return policy({
    Sid: "OwnPrincipalsOnOwnTables",
    Action: "dynamodb:*",
    Resource: `arn:${owner.partition}:dynamodb:${owner.region}:${owner.accountId}:table/*`,
    Condition: { StringEquals: { "aws:PrincipalAccount": owner.accountId } },
  });
}

/**
 * Returns the policy of the S3 endpoint. Principals of the account write only to its own buckets, so that data cannot
 * leave through the endpoint, and read from any bucket, as agents and Beanstalk read from AWS's. Requests that AWS
 * signs, or that are not signed, reach only the named buckets of AWS.
 * @see https://docs.aws.amazon.com/linux/al2023/ug/managing-repos-os-updates.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 * @see https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/vpc-vpce.policy.html
 */
export function s3Policy(owner: Owner): string {
  const { partition, region, accountId } = owner;
  const objects = (bucket: string) => `arn:${partition}:s3:::${bucket}/*`;
  return policy(
    {
      Sid: "OwnPrincipalsOnOwnBuckets",
      Action: "s3:*",
      Resource: "*",
      Condition: { StringEquals: { "aws:PrincipalAccount": accountId, "aws:ResourceAccount": accountId } },
    },
    {
      Sid: "OwnPrincipalsRead",
      Action: ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"],
      Resource: "*",
      Condition: { StringEquals: { "aws:PrincipalAccount": accountId } },
    },
    {
      Sid: "AwsOwnedBuckets",
      Action: "s3:GetObject",
      Resource: [
        objects(`al2023-repos-${region}-de612dc2`),
        objects(`prod-${region}-starport-layer-bucket`),
        objects(`elasticbeanstalk-platform-assets-${region}`),
        objects(`elasticbeanstalk-env-resources-${region}`),
        objects(`elasticbeanstalk-samples-${region}`),
      ],
    },
    { Sid: "BeanstalkSignals", Action: "s3:PutObject", Resource: objects(`cloudformation-waitcondition-${region}`) },
  );
}

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

function policy(...statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", Principal: "*", ...statement })),
  });
}
