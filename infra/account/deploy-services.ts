/** What the deploy role may do with one service. */
export interface DeployService {
  /** IAM's prefix of the service. */
  readonly service: string;
  /** Beginnings of the types that need it; none where another service acts in the role's name. */
  readonly types: readonly string[];
  /**
   * Without the prefix. Nouns where the program makes the thing: `*Table` creates, describes, updates and deletes.
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
   */
  readonly actions: readonly string[];
  /**
   * ARNs it is bound to, with `<region>` for each configured region and `<account>`. Unset: whatever the service has in
   * these regions, as most ids are AWS's own and many actions know no resource.
   */
  readonly resources?: readonly string[];
  /** In no region, so that the role cannot be held to the configured ones. */
  readonly global?: true;
}

const tags = ["ListTagsForResource", "TagResource", "UntagResource"];

/**
 * Every service that the program makes something with, in the policies that hold its rows. A test finds each type of
 * the plans here.
 */
export const deployServices: Readonly<Record<string, readonly DeployService[]>> = {
  network: [
    {
      service: "ec2",
      types: ["aws:ec2/", "aws:vpc/", "awsx:ec2:Vpc"],
      actions: [
        ...["Describe*", "*Tags", "*Vpc", "ModifyVpcAttribute", "*VpcCidrBlock", "*VpcEndpoint", "*VpcEndpoints"],
        ...["*Subnet", "ModifySubnetAttribute", "*Route", "*RouteTable", "*RouteTableAssociation", "*InternetGateway"],
        ...["*NatGateway", "*Address", "*NetworkAcl*", "*FlowLogs", "*SecurityGroup*", "*NetworkInterface"],
        ...["*LaunchTemplate*", "RunInstances", "TerminateInstances"],
      ],
    },
    {
      service: "logs",
      types: ["aws:cloudwatch/logGroup:", "aws:ec2/flowLog:"],
      actions: [
        "*LogGroup",
        "*LogGroups",
        "*LogDelivery",
        "*LogDeliveries",
        "*RetentionPolicy",
        "*ResourcePolic*",
        ...tags,
      ],
    },
    {
      service: "servicediscovery",
      types: ["aws:servicediscovery/"],
      actions: ["*Namespace", "*Service", "*Instance", "ListInstances", "GetOperation", ...tags],
    },
    {
      service: "route53",
      types: ["aws:route53/", "aws:servicediscovery/privateDnsNamespace:"],
      actions: [
        ...["*HostedZone*", "*HealthCheck", "*ResourceRecordSets", "GetChange", "GetDNSSEC"],
        ...["ListTagsForResource", "ChangeTagsForResource"],
      ],
      global: true,
    },
  ],
  data: [
    {
      service: "s3",
      types: ["aws:s3/"],
      actions: [
        ...["*Bucket*", "Get*Configuration", "Put*Configuration", ...tags],
        ...["*Object", "*ObjectTagging", "*ObjectVersion", "*Multipart*"],
      ],
      // Beanstalk has buckets of its own, the account's and AWS's.
      resources: ["arn:aws:s3:::<region>-*", "arn:aws:s3:::elasticbeanstalk-*"],
    },
    {
      service: "dynamodb",
      types: ["aws:dynamodb/"],
      actions: [
        ...["*Table", "*TableReplica", "*ContinuousBackups", "*TimeToLive"],
        ...["ListTagsOfResource", "TagResource", "UntagResource"],
        // AWS asks these of who adds a replica, though it copies by itself.
        ...["BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"],
      ],
      resources: ["arn:aws:dynamodb:*:<account>:table/<region>-*"],
    },
    {
      service: "cognito-idp",
      types: ["aws:cognito/"],
      actions: ["*UserPool*", "*ResourceServer", "*ManagedLoginBranding*", "AddCustomAttributes", ...tags],
    },
    {
      service: "kms",
      types: ["aws:kms/"],
      actions: [
        ...["CreateKey", "DescribeKey", "*KeyPolic*", "*KeyRotation*", "*KeyDeletion", "UpdateKeyDescription"],
        ...["ListResourceTags", "TagResource", "UntagResource"],
        // Of who deletes a repository of images, which holds a grant on AWS's own key.
        "RetireGrant",
      ],
    },
    {
      service: "sns",
      types: ["aws:sns/"],
      actions: [
        "*Topic",
        "*TopicAttributes",
        "*ubscribe",
        "*SubscriptionAttributes",
        "ListSubscriptionsByTopic",
        ...tags,
      ],
    },
    {
      service: "cloudwatch",
      types: ["aws:cloudwatch/metricAlarm:"],
      actions: ["*Alarms", "PutMetricAlarm", "*AlarmActions", ...tags],
      // Beanstalk and Application Auto Scaling make some in the caller's name.
      resources: ["<region>", "awseb", "TargetTracking"].map(
        (name) => `arn:aws:cloudwatch:<region>:<account>:alarm:${name}-*`,
      ),
    },
  ],
  compute: [
    {
      service: "application-autoscaling",
      types: ["aws:appautoscaling/"],
      actions: ["*ScalableTarget*", "*ScalingPolic*", "DescribeScalingActivities", ...tags],
    },
    {
      service: "autoscaling",
      types: ["aws:autoscaling/"],
      actions: [
        ...["Describe*", "*AutoScalingGroup", "*Tags", "*InstanceRefresh", "*Instances", "*LifecycleHook"],
        ...["*MetricsCollection", "*Policy", "*Processes", "SetDesiredCapacity", "SetInstanceProtection"],
        ...["*LoadBalancerTargetGroups", "*TrafficSources", "*NotificationConfiguration", "*Scheduled*"],
        // Beanstalk may make one.
        "*LaunchConfiguration",
      ],
    },
    {
      service: "codedeploy",
      types: ["aws:codedeploy/"],
      actions: ["*Application", "*DeploymentGroup", ...tags],
      resources: ["arn:aws:codedeploy:<region>:<account>:*:<region>-*"],
    },
    {
      service: "ecr",
      types: ["aws:ecr/", "awsx:ecr:Image"],
      actions: [
        ...["*Repository", "DescribeRepositories", "*LifecyclePolicy", "PutImage*", ...tags],
        ...["BatchCheckLayerAvailability", "*LayerUpload", "UploadLayerPart", "GetDownloadUrlForLayer"],
        ...["BatchGetImage", "BatchDeleteImage", "*Images"],
      ],
      resources: ["arn:aws:ecr:<region>:<account>:repository/<region>-*"],
    },
    { service: "ecr", types: ["awsx:ecr:Image"], actions: ["GetAuthorizationToken"] },
    {
      service: "ecs",
      types: ["aws:ecs/"],
      actions: [
        ...["*Cluster", "DescribeClusters", "UpdateClusterSettings", "PutClusterCapacityProviders", ...tags],
        ...["*Service", "DescribeServices", "*ServiceDeployment*", "*TaskDefinition", "*Tasks"],
      ],
    },
    {
      service: "lambda",
      types: ["aws:lambda/"],
      actions: [
        ...["*Alias", "*Function", "*FunctionCode", "*FunctionConcurrency", "*FunctionConfiguration"],
        ...["GetFunction*", "*Permission", "GetPolicy", "PublishVersion", "*ProvisionedConcurrencyConfig"],
        ...["ListVersionsByFunction", "ListTags", "TagResource", "UntagResource"],
      ],
      resources: ["arn:aws:lambda:<region>:<account>:function:<region>-*"],
    },
  ],
  traffic: [
    { service: "acm", types: ["aws:acm/"], actions: ["*Certificate", "UpdateCertificateOptions"] },
    {
      service: "apigateway",
      types: ["aws:apigatewayv2/"],
      actions: ["DELETE", "GET", "PATCH", "POST", "PUT"],
      // Not /account, where the role of logs is set.
      resources: ["apis", "domainnames", "tags", "vpclinks"].map((path) => `arn:aws:apigateway:<region>::/${path}*`),
    },
    {
      service: "elasticloadbalancing",
      types: ["aws:lb/"],
      actions: [
        ...["Describe*", "*LoadBalancer", "*LoadBalancerAttributes", "*Listener", "*ListenerAttributes", "*Rule"],
        ...["SetRulePriorities", "*TargetGroup", "*TargetGroupAttributes", "*Targets", "*Tags"],
        ...["SetIpAddressType", "SetSecurityGroups", "SetSubnets"],
      ],
    },
    {
      service: "elasticbeanstalk",
      types: ["aws:elasticbeanstalk/"],
      actions: [
        ...[
          "Describe*",
          "List*",
          "*Application",
          "*ApplicationVersion",
          "*Environment",
          "*EnvironmentUpdate",
          "*ResourceLifecycle",
        ],
        ...["*ConfigurationSettings", "CheckDNSAvailability", "CreateStorageLocation", "*Tags*"],
      ],
    },
    {
      // Beanstalk makes its environments as stacks, in the name of who calls it.
      service: "cloudformation",
      types: ["aws:elasticbeanstalk/environment:"],
      actions: [
        "*Stack",
        "*Stacks",
        "*StackResource*",
        "*StackEvents",
        "*UpdateRollback",
        "GetTemplate*",
        "*agResource",
      ],
      resources: ["arn:aws:cloudformation:<region>:<account>:stack/awseb-*"],
    },
    {
      service: "cloudformation",
      types: ["aws:elasticbeanstalk/environment:"],
      actions: ["Describe*", "List*", "ValidateTemplate"],
    },
    {
      service: "ssm",
      types: ["aws:ec2/launchTemplate:"],
      actions: ["GetParameter*"],
      resources: ["arn:aws:ssm:<region>::parameter/aws/service/*"],
    },
  ],
};
