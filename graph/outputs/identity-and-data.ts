import type { OutputsByType } from "./new-resource";

/** Label of every stream: AWS takes the time at which it was turned on. */
const streamLabel = "2026-01-01T00:00:00.000";

/** Outputs of user pools, roles, keys, tables, buckets, topics, queues, pipes and log groups. */
export const identityAndDataOutputs: OutputsByType = {
  "aws:cloudwatch/logGroup:LogGroup": (r) => ({
    id: r.physicalName(),
    name: r.physicalName(),
    arn: r.arn("logs", `log-group:${r.physicalName()}`),
  }),
  "aws:cognito/userPool:UserPool": (r) => {
    const id = `${r.region}_${r.letters(9)}`;
    return {
      id,
      name: r.physicalName(),
      arn: r.arn("cognito-idp", `userpool/${id}`),
      endpoint: `cognito-idp.${r.region}.amazonaws.com/${id}`,
    };
  },
  "aws:cognito/userPoolClient:UserPoolClient": (r) => ({ id: r.letters(26), name: r.physicalName() }),
  "aws:cognito/userPoolDomain:UserPoolDomain": (r) => ({
    id: r.inputs["domain"],
    cloudfrontDistribution: `d${r.hex(13)}.cloudfront.net`,
    // The one zone of all distributions of CloudFront.
    cloudfrontDistributionZoneId: "Z2FDTNDATAQYW2",
  }),
  "aws:sesv2/emailIdentity:EmailIdentity": (r) => ({
    id: r.inputs["emailIdentity"],
    arn: r.arn("ses", `identity/${r.inputs["emailIdentity"]}`),
    dkimSigningAttributes: {
      ...r.inputs["dkimSigningAttributes"],
      tokens: ["a", "b", "c"].map((first) => `${first}${r.letters(31)}`),
    },
  }),
  "aws:cognito/identityProvider:IdentityProvider": ({ inputs }) => ({
    id: `${inputs["userPoolId"]}:${inputs["providerName"]}`,
  }),
  "aws:cognito/userGroup:UserGroup": ({ inputs }) => ({ id: `${inputs["userPoolId"]}/${inputs["name"]}` }),
  "aws:cognito/logDeliveryConfiguration:LogDeliveryConfiguration": ({ inputs }) => ({ id: inputs["userPoolId"] }),
  "aws:cognito/resourceServer:ResourceServer": (r) => ({
    id: `${r.inputs["userPoolId"]}|${r.inputs["identifier"]}`,
    scopeIdentifiers: (r.inputs["scopes"] ?? []).map((scope: any) => `${r.inputs["identifier"]}/${scope.scopeName}`),
  }),
  "aws:dynamodb/table:Table": (r) => {
    const table = `table/${r.physicalName()}`;
    const replicas: { regionName: string }[] = r.inputs["replicas"] ?? [];
    return {
      id: r.physicalName(),
      name: r.physicalName(),
      arn: r.arn("dynamodb", table),
      ...(r.inputs["streamEnabled"] ? { streamArn: r.arn("dynamodb", `${table}/stream/${streamLabel}`) } : {}),
      replicas: replicas.map((replica) => {
        const arnOf = (resource: string) => r.arn("dynamodb", resource, { region: replica.regionName });
        return { ...replica, arn: arnOf(table), streamArn: arnOf(`${table}/stream/${streamLabel}`) };
      }),
    };
  },
  "aws:iam/instanceProfile:InstanceProfile": (r) => ({
    id: r.physicalName(),
    name: r.physicalName(),
    arn: r.globalArn("iam", `instance-profile/${r.physicalName()}`),
  }),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": (r) => {
    const arn = r.globalArn("iam", `oidc-provider/${String(r.inputs["url"]).replace("https://", "")}`);
    return { id: arn, arn };
  },
  "aws:iam/policy:Policy": (r) => ({
    id: r.globalArn("iam", `policy/${r.physicalName()}`),
    arn: r.globalArn("iam", `policy/${r.physicalName()}`),
    name: r.physicalName(),
  }),
  "aws:iam/role:Role": (r) => ({
    id: r.physicalName(),
    name: r.physicalName(),
    arn: r.globalArn("iam", `role/${r.physicalName()}`),
  }),
  "aws:kms/alias:Alias": (r) => ({ id: r.inputs["name"], arn: r.arn("kms", r.inputs["name"]) }),
  "aws:kms/key:Key": (r) => ({ id: r.hex(32), keyId: r.hex(32), arn: r.arn("kms", `key/${r.hex(32)}`) }),
  // A replica has the id of its primary key.
  "aws:kms/replicaKey:ReplicaKey": ({ inputs }) => {
    const arn = String(inputs["primaryKeyArn"]).replace(/^(arn:[\w-]+:kms:)[\w-]+/, `$1${inputs["region"]}`);
    const keyId = arn.slice(arn.lastIndexOf("/") + 1);
    return { id: keyId, keyId, arn };
  },
  "aws:s3/bucket:Bucket": (r) => {
    const bucket = r.inputs["bucket"] ?? `${r.name}-${r.hex(7)}`;
    return {
      id: bucket,
      bucket,
      arn: `arn:aws:s3:::${bucket}`,
      bucketDomainName: `${bucket}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${bucket}.s3.${r.region}.amazonaws.com`,
    };
  },
  "aws:s3/bucketObjectv2:BucketObjectv2": (r) => ({
    id: `${r.inputs["bucket"]}/${r.inputs["key"]}`,
    arn: `arn:aws:s3:::${r.inputs["bucket"]}/${r.inputs["key"]}`,
    etag: r.hex(32),
    versionId: r.letters(32),
  }),
  "aws:secretsmanager/secret:Secret": (r) => {
    const arn = r.arn("secretsmanager", `secret:${r.physicalName()}-${r.letters(6)}`);
    return { id: arn, arn, name: r.physicalName() };
  },
  "aws:pipes/pipe:Pipe": (r) => ({
    id: r.physicalName(),
    name: r.physicalName(),
    arn: r.arn("pipes", `pipe/${r.physicalName()}`),
  }),
  "aws:s3/bucketNotification:BucketNotification": ({ inputs }) => ({ id: inputs["bucket"] }),
  "aws:sns/topic:Topic": (r) => ({
    id: r.arn("sns", r.physicalName()),
    arn: r.arn("sns", r.physicalName()),
    name: r.physicalName(),
  }),
  "aws:sqs/queue:Queue": (r) => {
    const url = `https://sqs.${r.region}.amazonaws.com/${r.account}/${r.physicalName()}`;
    return { id: url, url, name: r.physicalName(), arn: r.arn("sqs", r.physicalName()) };
  },
  "aws:sns/topicSubscription:TopicSubscription": (r) => {
    const arn = `${r.inputs["topic"]}:${r.uuid()}`;
    return { id: arn, arn };
  },
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": ({ inputs }) => ({ id: inputs["queueUrl"] }),
  "aws:sqs/queuePolicy:QueuePolicy": ({ inputs }) => ({ id: inputs["queueUrl"] }),
};
