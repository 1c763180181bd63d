/** Type tokens that mean the same resource. */
const aliases: Readonly<Record<string, string>> = {
  "aws:alb/listener:Listener": "aws:lb/listener:Listener",
  "aws:alb/listenerCertificate:ListenerCertificate": "aws:lb/listenerCertificate:ListenerCertificate",
  "aws:alb/listenerRule:ListenerRule": "aws:lb/listenerRule:ListenerRule",
  "aws:alb/loadBalancer:LoadBalancer": "aws:lb/loadBalancer:LoadBalancer",
  "aws:alb/targetGroup:TargetGroup": "aws:lb/targetGroup:TargetGroup",
  "aws:alb/targetGroupAttachment:TargetGroupAttachment": "aws:lb/targetGroupAttachment:TargetGroupAttachment",
  "aws:applicationloadbalancing/listener:Listener": "aws:lb/listener:Listener",
  "aws:applicationloadbalancing/listenerCertificate:ListenerCertificate":
    "aws:lb/listenerCertificate:ListenerCertificate",
  "aws:applicationloadbalancing/listenerRule:ListenerRule": "aws:lb/listenerRule:ListenerRule",
  "aws:applicationloadbalancing/loadBalancer:LoadBalancer": "aws:lb/loadBalancer:LoadBalancer",
  "aws:applicationloadbalancing/targetGroup:TargetGroup": "aws:lb/targetGroup:TargetGroup",
  "aws:applicationloadbalancing/targetGroupAttachment:TargetGroupAttachment":
    "aws:lb/targetGroupAttachment:TargetGroupAttachment",
  "aws:elasticloadbalancingv2/listener:Listener": "aws:lb/listener:Listener",
  "aws:elasticloadbalancingv2/listenerCertificate:ListenerCertificate":
    "aws:lb/listenerCertificate:ListenerCertificate",
  "aws:elasticloadbalancingv2/listenerRule:ListenerRule": "aws:lb/listenerRule:ListenerRule",
  "aws:elasticloadbalancingv2/loadBalancer:LoadBalancer": "aws:lb/loadBalancer:LoadBalancer",
  "aws:elasticloadbalancingv2/targetGroup:TargetGroup": "aws:lb/targetGroup:TargetGroup",
  "aws:elasticloadbalancingv2/targetGroupAttachment:TargetGroupAttachment":
    "aws:lb/targetGroupAttachment:TargetGroupAttachment",
  "aws:s3/bucketAclV2:BucketAclV2": "aws:s3/bucketAcl:BucketAcl",
  "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2":
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketLoggingV2:BucketLoggingV2": "aws:s3/bucketLogging:BucketLogging",
  "aws:s3/bucketV2:BucketV2": "aws:s3/bucket:Bucket",
  "aws:s3/bucketVersioningV2:BucketVersioningV2": "aws:s3/bucketVersioning:BucketVersioning",
  "aws:s3/bucketWebsiteConfigurationV2:BucketWebsiteConfigurationV2":
    "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration",
};

/** Returns the token that stands for all tokens of the same resource. */
export function canonicalType(type: string): string {
  return aliases[type] ?? type;
}

/** Returns every token that means this canonical one. */
export function tokensOf(type: string): string[] {
  return [type, ...Object.keys(aliases).filter((alias) => aliases[alias] === type)];
}

/** Tokens that many rules name. */
export const T = {
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  api: "aws:apigatewayv2/api:Api",
  apiMapping: "aws:apigatewayv2/apiMapping:ApiMapping",
  authorizer: "aws:apigatewayv2/authorizer:Authorizer",
  awsxVpc: "awsx:ec2:Vpc",
  beanstalk: "aws:elasticbeanstalk/environment:Environment",
  bucket: "aws:s3/bucket:Bucket",
  cacheGroup: "aws:elasticache/replicationGroup:ReplicationGroup",
  cacheSubnets: "aws:elasticache/subnetGroup:SubnetGroup",
  dbCluster: "aws:rds/cluster:Cluster",
  dbInstance: "aws:rds/clusterInstance:ClusterInstance",
  dbSubnets: "aws:rds/subnetGroup:SubnetGroup",
  discovery: "aws:servicediscovery/service:Service",
  distribution: "aws:cloudfront/distribution:Distribution",
  domainName: "aws:apigatewayv2/domainName:DomainName",
  ecsService: "aws:ecs/service:Service",
  ecsTask: "aws:ecs/taskDefinition:TaskDefinition",
  endpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
  flowLog: "aws:ec2/flowLog:FlowLog",
  function: "aws:lambda/function:Function",
  group: "aws:autoscaling/group:Group",
  healthCheck: "aws:route53/healthCheck:HealthCheck",
  integration: "aws:apigatewayv2/integration:Integration",
  launchTemplate: "aws:ec2/launchTemplate:LaunchTemplate",
  listener: "aws:lb/listener:Listener",
  loadBalancer: "aws:lb/loadBalancer:LoadBalancer",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  natGateway: "aws:ec2/natGateway:NatGateway",
  record: "aws:route53/record:Record",
  restApi: "aws:apigateway/restApi:RestApi",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  route: "aws:apigatewayv2/route:Route",
  routeTable: "aws:ec2/routeTable:RouteTable",
  scalingPolicy: "aws:appautoscaling/policy:Policy",
  scalingTarget: "aws:appautoscaling/target:Target",
  search: "aws:opensearch/domain:Domain",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  stage: "aws:apigatewayv2/stage:Stage",
  subnet: "aws:ec2/subnet:Subnet",
  table: "aws:dynamodb/table:Table",
  targetGroup: "aws:lb/targetGroup:TargetGroup",
  userPool: "aws:cognito/userPool:UserPool",
  userPoolClient: "aws:cognito/userPoolClient:UserPoolClient",
  vpc: "aws:ec2/vpc:Vpc",
  vpcLink: "aws:apigatewayv2/vpcLink:VpcLink",
  webAcl: "aws:wafv2/webAcl:WebAcl",
  zone: "aws:route53/zone:Zone",
} as const;
