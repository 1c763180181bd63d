import { type Breaks, computeBreaks, networkBreaks, tools } from "./breaks";
import { DELETE, DROP, REMOVE } from "./edit";

const { otherRegion, wholeService, anywhere, tooBig, off, tags } = tools;
const nobody = { AWS: "*" };

/** Gateway, identity, data and permissions. */
const dataBreaks: Breaks = {
  "aws:apigateway/basePathMapping:BasePathMapping": { [DELETE]: [REMOVE] },
  "aws:apigateway/domainName:DomainName": {
    "endpointConfiguration.types": ["EDGE"],
    policy: [REMOVE],
    "policy#Statement.1.Condition": [REMOVE],
    securityPolicy: ["TLS_1_0"],
  },
  "aws:apigateway/methodSettings:MethodSettings": {
    [DELETE]: [REMOVE],
    "settings.cachingEnabled": [true],
    "settings.dataTraceEnabled": [true],
    "settings.loggingLevel": ["OFF", REMOVE],
    "settings.throttlingBurstLimit": [0, REMOVE],
    "settings.throttlingRateLimit": [0, REMOVE, tooBig],
  },
  "aws:apigateway/restApi:RestApi": {
    "body#x-amazon-apigateway-policy": [REMOVE],
    "body#x-amazon-apigateway-policy.Statement.1": [REMOVE],
    disableExecuteApiEndpoint: off,
    "endpointConfiguration.types": ["EDGE", "REGIONAL"],
  },
  "aws:apigateway/stage:Stage": {
    accessLogSettings: [REMOVE],
    "accessLogSettings.destinationArn": [REMOVE],
    "accessLogSettings.format": [REMOVE],
    xrayTracingEnabled: off,
  },
  "aws:apigatewayv2/api:Api": { [DELETE]: [REMOVE], disableExecuteApiEndpoint: off },
  "aws:apigatewayv2/authorizer:Authorizer": { authorizerType: ["REQUEST"] },
  "aws:apigatewayv2/domainName:DomainName": {
    [DELETE]: [REMOVE],
    domainName: ["other.example.com"],
    "domainNameConfiguration.certificateArn": [otherRegion],
    "domainNameConfiguration.endpointType": ["EDGE", REMOVE],
    "domainNameConfiguration.securityPolicy": ["TLS_1_0", REMOVE],
  },
  "aws:apigatewayv2/integration:Integration": {
    [DELETE]: [REMOVE],
    integrationUri: [otherRegion],
    timeoutMilliseconds: [1000],
  },
  "aws:apigatewayv2/route:Route": {
    [DELETE]: [REMOVE],
    authorizationType: [
      (value) => (value === "NONE" ? undefined : "NONE"),
      (value) => (value === "NONE" ? undefined : REMOVE),
    ],
    authorizationScopes: [REMOVE],
    routeKey: [(value) => `${value}/more`],
  },
  "aws:apigatewayv2/stage:Stage": {
    [DELETE]: [REMOVE],
    accessLogSettings: [REMOVE],
    "accessLogSettings.destinationArn": [REMOVE],
    "accessLogSettings.format": [REMOVE],
    defaultRouteSettings: [REMOVE],
    "defaultRouteSettings.throttlingBurstLimit": [REMOVE, 0],
    "defaultRouteSettings.throttlingRateLimit": [REMOVE, 0, tooBig],
    "routeSettings.*.throttlingBurstLimit": [REMOVE, 0],
    "routeSettings.*.throttlingRateLimit": [REMOVE, 0, tooBig],
  },
  "aws:apigatewayv2/vpcLink:VpcLink": { [DELETE]: [REMOVE], subnetIds: [DROP] },
  "aws:cloudwatch/logGroup:LogGroup": { retentionInDays: [0, REMOVE] },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    [DELETE]: [REMOVE],
    actionsEnabled: [false],
    treatMissingData: ["missing", REMOVE],
  },
  "aws:cognito/userPool:UserPool": {
    deletionProtection: ["INACTIVE", REMOVE],
    mfaConfiguration: ["OFF", REMOVE],
    "passwordPolicy.minimumLength": [6, REMOVE],
    "passwordPolicy.requireLowercase": off,
    "passwordPolicy.requireNumbers": off,
    "passwordPolicy.requireSymbols": off,
    "passwordPolicy.requireUppercase": off,
    "schemas.0.stringAttributeConstraints.maxLength": [REMOVE],
    "schemas.0.stringAttributeConstraints.minLength": [REMOVE],
    userPoolTier: [REMOVE],
    ...tags,
  },
  "aws:cognito/userPoolClient:UserPoolClient": {
    allowedOauthFlows: [["implicit"]],
    enableTokenRevocation: [false],
    explicitAuthFlows: [["ALLOW_USER_PASSWORD_AUTH"]],
    preventUserExistenceErrors: ["LEGACY", REMOVE],
    tokenValidityUnits: [REMOVE],
    "tokenValidityUnits.accessToken": [REMOVE],
    "tokenValidityUnits.idToken": [REMOVE],
    "tokenValidityUnits.refreshToken": [REMOVE],
    writeAttributes: [REMOVE, ["email", "custom:tenantId"]],
  },
  "aws:dynamodb/table:Table": {
    billingMode: ["PROVISIONED", REMOVE],
    deletionProtectionEnabled: off,
    pointInTimeRecovery: [REMOVE],
    "pointInTimeRecovery.enabled": [false],
    replicas: [REMOVE],
    "replicas.0.deletionProtectionEnabled": off,
    "replicas.0.pointInTimeRecovery": off,
    "replicas.0.regionName": ["us-east-1"],
    serverSideEncryption: [REMOVE],
    "serverSideEncryption.enabled": [false],
    "ttl.attributeName": [(value) => (value === undefined ? undefined : REMOVE)],
    "ttl.enabled": [(value) => (value === undefined ? undefined : false)],
    ...tags,
  },
  "aws:iam/role:Role": {
    "assumeRolePolicy#Statement.0.Condition": [
      (value, { inputs }) =>
        value === undefined || /ec2\.amazonaws|apigateway\.amazonaws/.test(JSON.stringify(inputs)) ? undefined : REMOVE,
    ],
    "assumeRolePolicy#Statement.0.Principal": ["*"],
  },
  "aws:iam/rolePolicy:RolePolicy": {
    "policy#Statement.*.Resource": [anywhere],
    "policy#Statement.*.Action": [wholeService],
    "policy#Statement.0": [{ Effect: "Allow", Action: "*", Resource: "*" }],
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": { policyArn: ["arn:aws:iam::aws:policy/AdministratorAccess"] },
  "aws:kms/key:Key": {
    enableKeyRotation: off,
    "policy#Statement.0.Principal": [nobody],
    // Of the keys of messages and of alarms; other AWS services ask for a key when they are set up.
    "policy#Statement.1": [(value: any) => (/sns|cloudwatch/.test(JSON.stringify(value ?? "")) ? REMOVE : undefined)],
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    [DELETE]: [REMOVE],
    destinationConfig: [REMOVE],
  },
  "aws:s3/bucket:Bucket": { forceDestroy: [true], ...tags },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
    [DELETE]: [REMOVE],
    "rule.objectOwnership": ["ObjectWriter"],
  },
  "aws:s3/bucketPolicy:BucketPolicy": {
    [DELETE]: [REMOVE],
    "policy#Statement.0": [REMOVE],
    "policy#Statement.0.Effect": ["Allow"],
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    [DELETE]: [REMOVE],
    blockPublicAcls: off,
    blockPublicPolicy: off,
    ignorePublicAcls: off,
    restrictPublicBuckets: off,
  },
  "aws:s3/bucketVersioning:BucketVersioning": { [DELETE]: [REMOVE], "versioningConfiguration.status": ["Suspended"] },
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    functionResponseTypes: [[], REMOVE],
    scalingConfig: [REMOVE],
  },
  "aws:pipes/pipe:Pipe": {
    "sourceParameters.filterCriteria": [REMOVE],
    "sourceParameters.dynamodbStreamParameters": [
      (value: any) => ({ ...value, deadLetterConfig: undefined }),
      (value: any) => ({ ...value, maximumRetryAttempts: undefined, maximumRecordAgeInSeconds: undefined }),
    ],
  },
  "aws:scheduler/schedule:Schedule": { "target.deadLetterConfig": [REMOVE], "target.retryPolicy": [REMOVE] },
  "aws:servicediscovery/service:Service": {
    healthCheckCustomConfig: [REMOVE],
    "healthCheckCustomConfig.failureThreshold": [REMOVE, 2],
  },
  "aws:sns/topic:Topic": { kmsMasterKeyId: [REMOVE] },
  "aws:sns/topicPolicy:TopicPolicy": {
    [DELETE]: [REMOVE],
    "policy#Statement.0.Condition": [REMOVE],
    "policy#Statement.0.Principal": ["*"],
    "policy#Statement.1": [REMOVE],
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    redrivePolicy: [(value) => (value === undefined ? undefined : REMOVE)],
  },
  "aws:sqs/queue:Queue": {
    // SNS sends to these; to others, functions and pipes do, as roles of the account.
    kmsMasterKeyId: [(_value, { name }) => (/price-calculator-.*-changes/.test(name) ? "alias/aws/sqs" : undefined)],
    messageRetentionSeconds: [(_value, { name }) => (/price-calculator-.*-failed$/.test(name) ? 86_400 : undefined)],
    redrivePolicy: [(value) => (value === undefined ? undefined : REMOVE)],
    sqsManagedSseEnabled: [(value) => (value === undefined ? undefined : false)],
    visibilityTimeoutSeconds: [(value) => (value === undefined ? undefined : 30)],
  },
  "aws:sqs/queuePolicy:QueuePolicy": {
    [DELETE]: [REMOVE],
    "policy#Statement.0": [REMOVE],
    "policy#Statement.1": [(value) => (value === undefined ? undefined : REMOVE)],
    "policy#Statement.0.Effect": ["Allow"],
  },
};

const setting = (name: string, ...values: string[]) => ({
  [`settings.${name}.value`]: values,
  [`settings.${name}`]: [REMOVE],
});

/** Beanstalk keeps everything in one list. */
const beanstalkBreaks: Breaks = {
  "aws:elasticbeanstalk/environment:Environment": {
    [DELETE]: [REMOVE],
    "settings.MinSize.value": ["0", "1", "2"],
    "settings.MaxSize.value": ["3"],
    "settings.UpperThreshold.value": ["90"],
    "settings.UpperThreshold": [REMOVE],
    "settings.AssociatePublicIpAddress.value": ["true"],
    "settings.Subnets.value": [(value) => value.split(",").slice(1).join(",")],
    "settings.ELBSubnets.value": [(value) => value.split(",").slice(1).join(",")],
    "settings.EnvironmentType.value": ["SingleInstance"],
    "settings.HealthCheckInterval.value": ["60"],
    "settings.HealthCheckTimeout.value": ["60"],
    "settings.HealthyThresholdCount.value": ["10"],
    "settings.UnhealthyThresholdCount.value": ["10"],
    "settings.DeregistrationDelay.value": ["0"],
    "settings.KEEP_ALIVE_SECONDS.value": ["5"],
    "settings.REQUEST_TIMEOUT_SECONDS.value": ["100"],
    "settings.DRAIN_SECONDS.value": ["1"],
    "settings.AWS_REGION.value": ["us-east-1"],
    "settings.HealthCheckPath.value": ["/orders"],
    "settings.HealthCheckPath": [REMOVE],
    ...setting("DeploymentPolicy", "AllAtOnce"),
    ...setting("SystemType", "basic"),
    ...setting("ManagedActionsEnabled", "false"),
    ...setting("StreamLogs", "false"),
    "settings.VPCId": [REMOVE],
  },
};

/** Every break of a property of the production plan, by type and path. */
export const breaks: Breaks = { ...networkBreaks, ...computeBreaks, ...dataBreaks, ...beanstalkBreaks };
