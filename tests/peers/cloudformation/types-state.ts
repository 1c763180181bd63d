import type { PlannedResource } from "../../../graph/model";
import { absent, computed, exactly, json, listOf, type MappingTable, none, part, type, verbatim } from "./mapping";

const bucket = "aws:s3/bucket:Bucket";
const role = "aws:iam/role:Role";
const oauth = {
  allowedOauthFlows: "AllowedOAuthFlows",
  allowedOauthFlowsUserPoolClient: "AllowedOAuthFlowsUserPoolClient",
  allowedOauthScopes: "AllowedOAuthScopes",
  callbackUrls: "CallbackURLs",
  logoutUrls: "LogoutURLs",
};

/** With replicas CloudFormation wants another type, in which the table's own region is a replica like the rest. */
function table({ HashKey, RangeKey, ...properties }: any, { region }: PlannedResource) {
  const key = (AttributeName: string, KeyType: string) => ({ AttributeName, KeyType });
  const KeySchema = [key(HashKey, "HASH"), ...(RangeKey ? [key(RangeKey, "RANGE")] : [])];
  const { Replicas = [], Tags, DeletionProtectionEnabled, PointInTimeRecoverySpecification, ...rest } = properties;
  if (Replicas.length === 0) {
    return { KeySchema, ...rest, Tags, DeletionProtectionEnabled, PointInTimeRecoverySpecification };
  }
  const own = { Region: region, DeletionProtectionEnabled, PointInTimeRecoverySpecification };
  return { KeySchema, ...rest, Replicas: [own, ...Replicas].map((replica) => ({ ...replica, Tags })) };
}

const recovery = (PointInTimeRecoveryEnabled: boolean) => ({ PointInTimeRecoveryEnabled });

export const stateMappings: MappingTable = {
  "aws:cognito/resourceServer:ResourceServer": type("AWS::Cognito::UserPoolResourceServer"),
  "aws:cognito/userPool:UserPool": type(
    "AWS::Cognito::UserPool",
    {
      passwordPolicy: "Policies.PasswordPolicy",
      "emailConfiguration.fromEmailAddress": "EmailConfiguration.From",
      schemas: "Schema",
      softwareTokenMfaConfiguration: computed("EnabledMfas", (mfa) =>
        exactly(mfa, "enabled").enabled ? ["SOFTWARE_TOKEN_MFA"] : [],
      ),
      "userAttributeUpdateSettings.attributesRequireVerificationBeforeUpdates":
        "AttributesRequireVerificationBeforeUpdate",
      tags: verbatim("UserPoolTags"),
    },
    { attributes: { arn: "Arn", endpoint: "ProviderName" } },
  ),
  "aws:cognito/userPoolClient:UserPoolClient": type("AWS::Cognito::UserPoolClient", oauth),
  "aws:cognito/userGroup:UserGroup": type("AWS::Cognito::UserPoolGroup", { name: "GroupName" }),
  "aws:cognito/logDeliveryConfiguration:LogDeliveryConfiguration": type("AWS::Cognito::LogDeliveryConfiguration"),
  "aws:cognito/managedLoginBranding:ManagedLoginBranding": type("AWS::Cognito::ManagedLoginBranding"),
  "aws:cognito/userPoolDomain:UserPoolDomain": type("AWS::Cognito::UserPoolDomain", {
    certificateArn: "CustomDomainConfig.CertificateArn",
  }),
  "aws:sesv2/emailIdentity:EmailIdentity": type("AWS::SES::EmailIdentity", {
    "dkimSigningAttributes.nextSigningKeyLength": "DkimSigningAttributes.NextSigningKeyLength",
  }),
  "aws:dynamodb/table:Table": type(
    "AWS::DynamoDB::Table",
    {
      attributes: "AttributeDefinitions",
      "attributes.name": "AttributeName",
      "attributes.type": "AttributeType",
      "globalSecondaryIndexes.keySchemas": "KeySchema",
      "globalSecondaryIndexes.name": "IndexName",
      "globalSecondaryIndexes.projectionType": "Projection.ProjectionType",
      pointInTimeRecovery: "PointInTimeRecoverySpecification",
      "pointInTimeRecovery.enabled": "PointInTimeRecoveryEnabled",
      "replicas.regionName": "Region",
      "replicas.pointInTimeRecovery": computed("PointInTimeRecoverySpecification", recovery),
      "replicas.propagateTags": absent("the rendering gives every replica the tags"),
      serverSideEncryption: "SSESpecification",
      "serverSideEncryption.enabled": "SSEEnabled",
      streamEnabled: absent("said by the stream's view type"),
      streamViewType: "StreamSpecification.StreamViewType",
      ttl: "TimeToLiveSpecification",
    },
    {
      typeFor: ({ replicas = [] }) => (replicas.length > 0 ? "AWS::DynamoDB::GlobalTable" : "AWS::DynamoDB::Table"),
      finish: table,
    },
  ),
  "aws:iam/instanceProfile:InstanceProfile": type("AWS::IAM::InstanceProfile", { role: listOf("Roles"), tags: none }),
  [role]: type("AWS::IAM::Role", { assumeRolePolicy: json("AssumeRolePolicyDocument") }),
  "aws:iam/rolePolicy:RolePolicy": part(role, "role", "id", { policy: json("PolicyDocument") }, (policy, { name }) => ({
    Policies: [{ PolicyName: name, ...policy }],
  })),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": part(role, "role", "id", {
    policyArn: listOf("ManagedPolicyArns"),
  }),
  "aws:kms/key:Key": type("AWS::KMS::Key", { deletionWindowInDays: "PendingWindowInDays", policy: json("KeyPolicy") }),
  [bucket]: type("AWS::S3::Bucket", { forceDestroy: absent("how the provider deletes") }),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": part(bucket, "bucket", "id", {
    rules: "LifecycleConfiguration.Rules",
    "rules.expiration": "",
    "rules.expiration.days": "ExpirationInDays",
    "rules.filter": "",
  }),
  "aws:s3/bucketObjectv2:BucketObjectv2": { kind: "absent", reason: "CloudFormation does not make objects" },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": part(bucket, "bucket", "id", {
    rule: listOf("OwnershipControls.Rules"),
  }),
  "aws:s3/bucketPolicy:BucketPolicy": type("AWS::S3::BucketPolicy", { policy: json("PolicyDocument") }),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": part(bucket, "bucket", "id", {}, (flags) => ({
    PublicAccessBlockConfiguration: flags,
  })),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": part(
    bucket,
    "bucket",
    "id",
    {
      rules: "BucketEncryption.ServerSideEncryptionConfiguration",
      "rules.applyServerSideEncryptionByDefault": "ServerSideEncryptionByDefault",
      "rules.applyServerSideEncryptionByDefault.sseAlgorithm": "SSEAlgorithm",
      "rules.applyServerSideEncryptionByDefault.kmsMasterKeyId": "KMSMasterKeyID",
    },
  ),
  "aws:s3/bucketVersioning:BucketVersioning": part(bucket, "bucket", "id", {}),
};
