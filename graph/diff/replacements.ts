/* Longer than 250 lines: one table. */
import { conditionsOf } from "./replacement-conditions";
import { type Properties, type Same, sameData } from "./values";

/**
 * Paths of inputs, through arrays too, that AWS cannot change in place, by type: a change replaces the resource.
 * What replaces only sometimes is in `replacement-conditions.ts`. Kept by hand, as the type declarations do not
 * say it. Every input that a type declares is judged, used here or not. The stand-in of AWS in the engine tests
 * replaces by this table, and the difference of two plans names replacements by it.
 *
 * Compared, type by type, with the schemas and plan changes (`ForceNew`, `RequiresReplace`) of
 * terraform-provider-aws 6, function by function as the public repository lonegunmanb/terraform-provider-aws-index
 * has them: copies of late 2025 to 2026, so not always of the release behind the installed @pulumi/aws. And with
 * `provider/resource_overrides.go` of pulumi-aws 7, which overrides none of it. Inputs younger than a copy were
 * looked up in Pulumi's registry pages for 7.x, which mark what replaces.
 *
 * In none of these: FlowLog `tagFieldSpecifications`, taken to replace, as only tags of a flow log can change;
 * and, taken to update, autoscaling Group `instanceLifecyclePolicy`, MetricAlarm `warmUpConfiguration`,
 * Invocation `tenantId`, LoadBalancer `enablePrefixForIpv6SourceNat`.
 *
 * Values are compared as written: a default spelled out, or an order that counts for nothing, is a change only here.
 */
export const replacing: Readonly<Record<string, readonly string[]>> = {
  "aws:acm/certificate:Certificate": [
    "certificateAuthorityArn",
    "domainName",
    "keyAlgorithm",
    "subjectAlternativeNames",
    "validationMethod",
    "validationOptions",
  ],
  "aws:acm/certificateValidation:CertificateValidation": ["certificateArn", "validationRecordFqdns"],
  "aws:apigateway/account:Account": [],
  "aws:apigateway/basePathMapping:BasePathMapping": ["domainName"],
  "aws:apigateway/deployment:Deployment": ["restApi", "triggers", "variables"],
  "aws:apigateway/domainName:DomainName": ["domainName"],
  "aws:apigateway/domainNameAccessAssociation:DomainNameAccessAssociation": [
    "accessAssociationSource",
    "accessAssociationSourceType",
    "domainNameArn",
  ],
  "aws:apigateway/methodSettings:MethodSettings": ["methodPath", "restApi", "stageName"],
  "aws:apigateway/restApi:RestApi": [],
  "aws:apigateway/stage:Stage": ["restApi", "stageName"],
  "aws:apigateway/usagePlan:UsagePlan": [],
  "aws:apigatewayv2/api:Api": ["credentialsArn", "protocolType", "routeKey", "target"],
  "aws:apigatewayv2/apiMapping:ApiMapping": ["apiId", "domainName"],
  "aws:apigatewayv2/authorizer:Authorizer": ["apiId"],
  "aws:apigatewayv2/domainName:DomainName": ["domainName"],
  "aws:apigatewayv2/integration:Integration": ["apiId", "integrationSubtype", "integrationType"],
  "aws:apigatewayv2/route:Route": ["apiId"],
  "aws:apigatewayv2/stage:Stage": ["apiId", "name"],
  "aws:apigatewayv2/vpcLink:VpcLink": ["securityGroupIds", "subnetIds"],
  "aws:appautoscaling/policy:Policy": ["name", "resourceId", "scalableDimension", "serviceNamespace"],
  "aws:appautoscaling/target:Target": ["resourceId", "scalableDimension", "serviceNamespace"],
  "aws:autoscaling/group:Group": ["initialLifecycleHooks", "name", "namePrefix"],
  "aws:autoscaling/policy:Policy": ["autoscalingGroupName", "name"],
  "aws:cloudwatch/logGroup:LogGroup": ["logGroupClass", "name", "namePrefix"],
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": ["logGroupName", "name"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["name"],
  "aws:codedeploy/application:Application": ["computePlatform"],
  "aws:codedeploy/deploymentGroup:DeploymentGroup": [],
  "aws:cognito/logDeliveryConfiguration:LogDeliveryConfiguration": ["userPoolId"],
  "aws:cognito/managedLoginBranding:ManagedLoginBranding": ["assets", "clientId", "userPoolId"],
  "aws:cognito/resourceServer:ResourceServer": ["identifier", "userPoolId"],
  // Not `schemas`: an attribute is added in place, and the provider refuses to change or remove one.
  "aws:cognito/userGroup:UserGroup": ["name", "userPoolId"],
  "aws:cognito/userPool:UserPool": ["aliasAttributes", "usernameAttributes", "usernameConfiguration.caseSensitive"],
  "aws:cognito/userPoolClient:UserPoolClient": ["generateSecret", "userPoolId"],
  "aws:cognito/userPoolDomain:UserPoolDomain": ["domain", "userPoolId"],
  "aws:dynamodb/table:Table": [
    "hashKey",
    "localSecondaryIndexes",
    "name",
    "rangeKey",
    "restoreDateTime",
    "restoreToLatestTime",
  ],
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ["vpcId"],
  "aws:ec2/eip:Eip": ["address", "domain", "ipamPoolId", "networkBorderGroup", "publicIpv4Pool"],
  "aws:ec2/flowLog:FlowLog": [
    "deliverCrossAccountRole",
    "destinationOptions",
    "eniId",
    "iamRoleArn",
    "logDestination",
    "logDestinationType",
    "logFormat",
    "maxAggregationInterval",
    "regionalNatGatewayId",
    "subnetId",
    "tagFieldSpecifications",
    "trafficType",
    "transitGatewayAttachmentId",
    "transitGatewayId",
    "vpcId",
  ],
  "aws:ec2/internetGateway:InternetGateway": [],
  "aws:ec2/launchTemplate:LaunchTemplate": ["name", "namePrefix"],
  "aws:ec2/natGateway:NatGateway": [
    "allocationId",
    "availabilityMode",
    "connectivityType",
    "privateIp",
    "subnetId",
    "vpcId",
  ],
  "aws:ec2/networkAcl:NetworkAcl": ["vpcId"],
  "aws:ec2/route:Route": [
    "destinationCidrBlock",
    "destinationIpv6CidrBlock",
    "destinationPrefixListId",
    "routeTableId",
  ],
  "aws:ec2/routeTable:RouteTable": ["vpcId"],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ["gatewayId", "subnetId"],
  "aws:ec2/securityGroup:SecurityGroup": ["description", "name", "namePrefix", "vpcId"],
  "aws:ec2/subnet:Subnet": [
    "availabilityZone",
    "availabilityZoneId",
    "cidrBlock",
    "ipv4IpamPoolId",
    "ipv4NetmaskLength",
    "ipv6IpamPoolId",
    "ipv6Native",
    "ipv6NetmaskLength",
    "outpostArn",
    "vpcId",
  ],
  "aws:ec2/vpc:Vpc": ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"],
  "aws:ec2/vpcEndpoint:VpcEndpoint": [
    "dnsOptions.privateDnsPreference",
    "dnsOptions.privateDnsSpecifiedDomains",
    "resourceConfigurationArn",
    "serviceName",
    "serviceNetworkArn",
    "serviceRegion",
    "vpcEndpointType",
    "vpcId",
  ],
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": ["policy", "repository"],
  "aws:ecr/repository:Repository": ["encryptionConfigurations", "name"],
  "aws:ecs/cluster:Cluster": ["name"],
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": ["clusterName"],
  "aws:ecs/service:Service": ["cluster", "iamRole", "launchType", "name", "schedulingStrategy"],
  "aws:ecs/taskDefinition:TaskDefinition": [
    "containerDefinitions",
    "cpu",
    "enableFaultInjection",
    "ephemeralStorage",
    "executionRoleArn",
    "family",
    "ipcMode",
    "memory",
    "networkMode",
    "pidMode",
    "placementConstraints",
    "proxyConfiguration",
    "requiresCompatibilities",
    "runtimePlatform",
    "taskRoleArn",
    "volumes",
  ],
  "aws:elasticbeanstalk/application:Application": ["name"],
  "aws:elasticbeanstalk/applicationVersion:ApplicationVersion": ["application", "bucket", "key", "name"],
  "aws:elasticbeanstalk/environment:Environment": ["cnamePrefix", "name", "tier"],
  "aws:iam/instanceProfile:InstanceProfile": ["name", "namePrefix", "path"],
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": ["url"],
  "aws:iam/policy:Policy": ["description", "name", "namePrefix", "path"],
  "aws:iam/role:Role": ["name", "namePrefix", "path"],
  "aws:iam/rolePolicy:RolePolicy": ["name", "namePrefix", "role"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["policyArn", "role"],
  "aws:kms/alias:Alias": ["name", "namePrefix"],
  "aws:kms/key:Key": ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
  "aws:kms/replicaKey:ReplicaKey": ["primaryKeyArn"],
  "aws:lambda/alias:Alias": ["functionName", "name"],
  "aws:lambda/function:Function": ["name", "packageType"],
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": ["functionName", "qualifier"],
  "aws:lambda/invocation:Invocation": ["functionName", "qualifier", "triggers"],
  "aws:lambda/permission:Permission": [
    "action",
    "eventSourceToken",
    "function",
    "functionUrlAuthType",
    "invokedViaFunctionUrl",
    "principal",
    "principalOrgId",
    "qualifier",
    "sourceAccount",
    "sourceArn",
    "statementId",
    "statementIdPrefix",
  ],
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": ["functionName", "qualifier"],
  "aws:lb/listener:Listener": ["loadBalancerArn"],
  "aws:lb/loadBalancer:LoadBalancer": ["customerOwnedIpv4Pool", "internal", "loadBalancerType", "name", "namePrefix"],
  "aws:lb/targetGroup:TargetGroup": [
    "ipAddressType",
    "name",
    "namePrefix",
    "port",
    "protocol",
    "protocolVersion",
    "targetControlPort",
    "targetType",
    "vpcId",
  ],
  "aws:route53/healthCheck:HealthCheck": [
    "measureLatency",
    "referenceName",
    "requestInterval",
    "routingControlArn",
    "type",
  ],
  "aws:route53/record:Record": ["name", "type", "zoneId"],
  "aws:route53/zone:Zone": ["delegationSetId", "name"],
  "aws:s3/bucket:Bucket": [
    "bucket",
    "bucketNamespace",
    "bucketPrefix",
    "objectLockConfiguration.objectLockEnabled",
    "objectLockEnabled",
  ],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ["bucket", "expectedBucketOwner"],
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": [
    "bucket",
    "expectedBucketOwner",
    "objectLockEnabled",
  ],
  "aws:s3/bucketObjectv2:BucketObjectv2": ["bucket", "key"],
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ["bucket"],
  "aws:s3/bucketPolicy:BucketPolicy": ["bucket"],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ["bucket"],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ["bucket"],
  "aws:s3/bucketVersioning:BucketVersioning": ["bucket"],
  "aws:scheduler/schedule:Schedule": ["groupName", "name", "namePrefix"],
  "aws:scheduler/scheduleGroup:ScheduleGroup": ["name", "namePrefix"],
  "aws:secretsmanager/secret:Secret": ["name", "namePrefix"],
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": ["name", "vpc"],
  "aws:servicediscovery/service:Service": [
    "dnsConfig.dnsRecords.type",
    "dnsConfig.namespaceId",
    "dnsConfig.routingPolicy",
    "healthCheckConfig.type",
    "healthCheckCustomConfig",
    "name",
    "namespaceId",
    "type",
  ],
  "aws:sesv2/emailIdentity:EmailIdentity": ["emailIdentity"],
  "aws:sns/topic:Topic": ["fifoTopic", "name", "namePrefix"],
  "aws:sns/topicPolicy:TopicPolicy": ["arn"],
  "aws:sns/topicSubscription:TopicSubscription": ["endpoint", "protocol", "topic"],
  "aws:sqs/queue:Queue": ["fifoQueue", "name", "namePrefix"],
  "aws:sqs/queuePolicy:QueuePolicy": ["queueUrl"],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ["securityGroupId"],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["securityGroupId"],
  "aws:wafv2/webAcl:WebAcl": ["name", "namePrefix", "scope"],
  "aws:wafv2/webAclAssociation:WebAclAssociation": ["resourceArn", "webAclArn"],
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": ["logDestinationConfigs", "resourceArn"],
};

/** Tells whether the table knows a type; what replaces a resource of any other type is not known. */
export function isKnown(type: string): boolean {
  return Object.hasOwn(replacing, type);
}

/** Returns the paths whose change replaces a resource; none for a type that the table does not know. */
export function replacedBy(type: string, olds: Properties, news: Properties, same: Same = sameData): string[] {
  const sometimes = Object.entries(conditionsOf(type)).filter(([, replaces]) => replaces(olds, news));
  const paths = [...(replacing[type] ?? []), ...sometimes.map(([path]) => path)];
  return paths.filter((path) => !same(at(olds, path), at(news, path)));
}

function at(value: any, path: string): any {
  const step = (inner: any, key: string) => (Array.isArray(inner) ? inner.map((item) => item?.[key]) : inner?.[key]);
  return path.split(".").reduce(step, value);
}
