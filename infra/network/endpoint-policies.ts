/** Where an ARN lives. */
export interface Owner {
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/**
 * Reads the owner out of an ARN that names region and account, so that no provider function has to be called for it.
 * @throws {RangeError} when it names neither
 */
export function ownerOf(arn: string): Owner {
  const [, partition, , region, accountId] = arn.split(":");
  if (!partition || !region || !accountId) {
    throw new RangeError(`ARN "${arn}": must name partition, region and account; take it from a regional resource`);
  }
  return { partition, region, accountId };
}

/** Callers must belong to the account: credentials smuggled into a server are of no use here. */
export function ownPrincipals(owner: Owner): string {
  return policy({
    Sid: "OwnPrincipals",
    Action: "*",
    Resource: "*",
    Condition: { StringEquals: { "aws:PrincipalAccount": owner.accountId } },
  });
}

/** DynamoDB: own callers, own tables. */
export function dynamodbPolicy(owner: Owner): string {
  return policy({
    Sid: "OwnPrincipalsOnOwnTables",
    Action: "dynamodb:*",
    Resource: `arn:${owner.partition}:dynamodb:${owner.region}:${owner.accountId}:table/*`,
    Condition: { StringEquals: { "aws:PrincipalAccount": owner.accountId } },
  });
}

/**
 * S3: own callers write to own buckets only, so that data cannot leave by this door, and read from any bucket (agents
 * and Beanstalk fetch from AWS's). Requests that AWS signs or nobody does reach AWS's buckets by name.
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
