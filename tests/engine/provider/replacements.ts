import { canonical, type Properties } from "./values";

/**
 * Inputs that AWS cannot change in place, by type: a change replaces the resource. Kept by hand, as
 * the type declarations do not say it; what counts are `ForceNew` and `RequiresReplace` in the schemas of
 * terraform-provider-aws 6, which @pulumi/aws 7 is made from. Not yet compared with that source, line by line.
 */
const replacing: Readonly<Record<string, readonly string[]>> = {
  "aws:acm/certificate:Certificate": ["domainName", "subjectAlternativeNames", "validationMethod", "keyAlgorithm"],
  "aws:acm/certificateValidation:CertificateValidation": ["certificateArn", "validationRecordFqdns"],
  "aws:apigateway/account:Account": [],
  "aws:apigatewayv2/api:Api": ["protocolType"],
  "aws:apigatewayv2/apiMapping:ApiMapping": ["domainName"],
  "aws:apigatewayv2/authorizer:Authorizer": ["apiId"],
  "aws:apigatewayv2/domainName:DomainName": ["domainName"],
  "aws:apigatewayv2/integration:Integration": ["apiId", "integrationType", "integrationSubtype"],
  "aws:apigatewayv2/route:Route": ["apiId"],
  "aws:apigatewayv2/stage:Stage": ["apiId", "name"],
  "aws:apigatewayv2/vpcLink:VpcLink": ["securityGroupIds", "subnetIds"],
  "aws:appautoscaling/policy:Policy": ["name", "resourceId", "scalableDimension", "serviceNamespace"],
  "aws:appautoscaling/target:Target": ["resourceId", "scalableDimension", "serviceNamespace"],
  "aws:autoscaling/group:Group": ["name", "namePrefix"],
  "aws:autoscaling/policy:Policy": ["name", "autoscalingGroupName"],
  "aws:cloudwatch/logGroup:LogGroup": ["name", "namePrefix"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["name"],
  "aws:codedeploy/application:Application": ["computePlatform"],
  "aws:codedeploy/deploymentGroup:DeploymentGroup": ["appName"],
  "aws:cognito/managedLoginBranding:ManagedLoginBranding": ["clientId", "userPoolId"],
  "aws:cognito/resourceServer:ResourceServer": ["identifier", "userPoolId"],
  "aws:cognito/userPool:UserPool": ["aliasAttributes", "schemas", "usernameAttributes", "usernameConfiguration"],
  "aws:cognito/userPoolClient:UserPoolClient": ["generateSecret", "userPoolId"],
  "aws:cognito/userPoolDomain:UserPoolDomain": ["domain", "userPoolId"],
  "aws:dynamodb/table:Table": ["name", "hashKey", "rangeKey", "localSecondaryIndexes"],
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ["vpcId"],
  "aws:ec2/eip:Eip": ["domain"],
  "aws:ec2/flowLog:FlowLog": [
    "iamRoleArn",
    "logDestination",
    "logFormat",
    "maxAggregationInterval",
    "trafficType",
    "vpcId",
  ],
  "aws:ec2/internetGateway:InternetGateway": [],
  "aws:ec2/launchTemplate:LaunchTemplate": ["name", "namePrefix"],
  "aws:ec2/natGateway:NatGateway": ["allocationId", "subnetId"],
  "aws:ec2/networkAcl:NetworkAcl": ["vpcId"],
  "aws:ec2/route:Route": ["destinationCidrBlock", "routeTableId"],
  "aws:ec2/routeTable:RouteTable": ["vpcId"],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ["subnetId"],
  "aws:ec2/securityGroup:SecurityGroup": ["description", "name", "namePrefix", "vpcId"],
  "aws:ec2/subnet:Subnet": ["availabilityZone", "cidrBlock", "vpcId"],
  "aws:ec2/vpc:Vpc": ["cidrBlock"],
  "aws:ec2/vpcEndpoint:VpcEndpoint": ["serviceName", "vpcEndpointType", "vpcId"],
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": ["policy", "repository"],
  "aws:ecr/repository:Repository": ["encryptionConfigurations", "name"],
  "aws:ecs/cluster:Cluster": ["name"],
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": ["clusterName"],
  "aws:ecs/service:Service": ["cluster", "launchType", "name", "schedulingStrategy"],
  "aws:ecs/taskDefinition:TaskDefinition": [
    "containerDefinitions",
    "cpu",
    "executionRoleArn",
    "family",
    "memory",
    "networkMode",
    "requiresCompatibilities",
    "runtimePlatform",
    "taskRoleArn",
    "volumes",
  ],
  "aws:elasticbeanstalk/application:Application": ["name"],
  "aws:elasticbeanstalk/applicationVersion:ApplicationVersion": ["application", "bucket", "key", "name"],
  "aws:elasticbeanstalk/environment:Environment": ["application", "cnamePrefix", "name", "tier"],
  "aws:iam/instanceProfile:InstanceProfile": ["name", "namePrefix", "path"],
  "aws:iam/role:Role": ["name", "namePrefix", "path"],
  "aws:iam/rolePolicy:RolePolicy": ["name", "namePrefix", "role"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["policyArn", "role"],
  "aws:kms/key:Key": ["customerMasterKeySpec", "keyUsage", "multiRegion"],
  "aws:lambda/alias:Alias": ["functionName", "name"],
  "aws:lambda/function:Function": ["name", "packageType"],
  "aws:lambda/invocation:Invocation": ["functionName", "input", "qualifier", "triggers"],
  "aws:lambda/permission:Permission": [
    "action",
    "function",
    "principal",
    "qualifier",
    "sourceAccount",
    "sourceArn",
    "statementId",
  ],
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": ["functionName", "qualifier"],
  "aws:lb/listener:Listener": ["loadBalancerArn"],
  "aws:lb/loadBalancer:LoadBalancer": ["internal", "loadBalancerType", "name", "namePrefix"],
  "aws:lb/targetGroup:TargetGroup": [
    "name",
    "namePrefix",
    "port",
    "protocol",
    "protocolVersion",
    "targetType",
    "vpcId",
  ],
  "aws:route53/healthCheck:HealthCheck": ["measureLatency", "referenceName", "requestInterval", "type"],
  "aws:route53/record:Record": ["name", "setIdentifier", "type", "zoneId"],
  "aws:route53/zone:Zone": ["delegationSetId", "name"],
  "aws:s3/bucket:Bucket": ["bucket", "bucketPrefix", "objectLockEnabled"],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ["bucket"],
  "aws:s3/bucketObjectv2:BucketObjectv2": ["bucket", "key"],
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ["bucket"],
  "aws:s3/bucketPolicy:BucketPolicy": ["bucket"],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ["bucket"],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ["bucket"],
  "aws:s3/bucketVersioning:BucketVersioning": ["bucket"],
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": ["name", "vpc"],
  "aws:servicediscovery/service:Service": [
    "dnsConfig.namespaceId",
    "dnsConfig.routingPolicy",
    "healthCheckCustomConfig",
    "name",
  ],
  "aws:sns/topic:Topic": ["fifoTopic", "name", "namePrefix"],
  "aws:sns/topicPolicy:TopicPolicy": ["arn"],
  "aws:sns/topicSubscription:TopicSubscription": ["endpoint", "protocol", "topic"],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ["securityGroupId"],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["securityGroupId"],
};

/** Whether the table knows a type; a program that uses another one is refused. */
export function isKnown(type: string): boolean {
  return Object.hasOwn(replacing, type);
}

/** Paths whose change replaces the resource. */
export function replacedBy(type: string, olds: Properties, news: Properties): string[] {
  return replacing[type]!.filter((path) => canonical(at(olds, path)) !== canonical(at(news, path)));
}

function at(value: any, path: string): any {
  return path.split(".").reduce((inner, key) => inner?.[key], value);
}
