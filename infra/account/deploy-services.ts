// Longer than 250 lines: a table of permissions with an entry per AWS service, read from top to bottom.
import { CLOUDFRONT_REGION } from "../region/other-region";
import { type Condition, tableKeyActions, throughDynamoDb } from "../security/iam";

/** Permissions of the deploy role for one AWS service. */
export interface AwsServicePermissions {
  /** IAM's prefix of the AWS service. @example "ec2" */
  readonly prefix: string;
  /**
   * Beginnings of the Pulumi resource types that need the permissions; none where another AWS service acts for the
   * role.
   */
  readonly types: readonly string[];
  /**
   * Actions without the prefix, `*` before a noun where the program makes it: `*Table` creates, describes, updates and
   * deletes.
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
   */
  readonly actions: readonly string[];
  /**
   * Forms of the ARNs that the permissions are limited to, with `<region>` for each configured region and `<account>`.
   * @default everything of the AWS service in these regions, as AWS chooses most ids and many actions take no resource
   */
  readonly resources?: readonly string[];
  /** Set where the AWS service has no region, so that the role cannot be limited to the configured ones. */
  readonly global?: true;
  /** Limits the permissions further. */
  readonly condition?: Condition;
}

const functionTags = ["ListTags", "TagResource", "UntagResource"];
const tags = ["ListTagsForResource", "TagResource", "UntagResource"];

/** What is CloudFront's and has a region is in this one, where the environment may have nothing else. */
const inCloudFrontsRegion: Condition = { StringEquals: { "aws:RequestedRegion": CLOUDFRONT_REGION } };

/**
 * Permissions of the deploy role for every AWS service that the program uses, by the policy that contains them. A test
 * looks up each resource type of the plans here.
 */
export const awsServicePermissions: Readonly<Record<string, readonly AwsServicePermissions[]>> = {
  network: [
    // Secrets of external providers, which the user pool is given at each deployment.
    {
      prefix: "ssm",
      types: ["aws:cognito/identityProvider:"],
      actions: ["GetParameter"],
      resources: ["arn:aws:ssm:<region>:<account>:parameter/platform/*/sign-in/*"],
    },
    // The certificate of the sign-in page's own name, which is in front of CloudFront.
    {
      prefix: "acm",
      types: ["aws:acm/"],
      actions: ["*Certificate", ...tags],
      global: true,
      condition: inCloudFrontsRegion,
    },
    {
      prefix: "ec2",
      types: ["aws:ec2/", "aws:vpc/", "awsx:ec2:Vpc"],
      actions: [
        ...["Describe*", "*Tags", "*Vpc", "ModifyVpcAttribute", "*VpcCidrBlock", "*VpcEndpoint", "*VpcEndpoints"],
        ...["*Subnet", "ModifySubnetAttribute", "*Route", "*RouteTable", "*RouteTableAssociation", "*InternetGateway"],
        ...["*NatGateway", "*Address", "*NetworkAcl*", "*FlowLogs", "*SecurityGroup*", "*NetworkInterface"],
        ...["*LaunchTemplate*", "RunInstances", "TerminateInstances"],
      ],
    },
    {
      prefix: "logs",
      types: ["aws:cloudwatch/logGroup:", "aws:cloudwatch/logMetricFilter:", "aws:ec2/flowLog:"],
      actions: [
        "*LogGroup",
        "*LogGroups",
        "*LogDelivery",
        "*LogDeliveries",
        "*RetentionPolicy",
        "*ResourcePolic*",
        "*MetricFilter*",
        ...tags,
      ],
    },
    {
      prefix: "servicediscovery",
      types: ["aws:servicediscovery/"],
      actions: ["*Namespace", "*Service", "*Instance", "ListInstances", "GetOperation", ...tags],
    },
    {
      prefix: "route53",
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
      prefix: "s3",
      types: ["aws:s3/"],
      actions: [
        ...["*Bucket*", "Get*Configuration", "Put*Configuration", ...tags],
        ...["*Object", "*ObjectTagging", "*ObjectVersion", "*Multipart*"],
      ],
      // Beanstalk has buckets of its own, the account's and AWS's.
      resources: ["arn:aws:s3:::<region>-*", "arn:aws:s3:::elasticbeanstalk-*"],
    },
    {
      prefix: "dynamodb",
      types: ["aws:dynamodb/"],
      actions: [
        ...["*Table", "*TableReplica", "*ContinuousBackups", "*TimeToLive"],
        ...["ListTagsOfResource", "TagResource", "UntagResource"],
        // AWS requires these of the role that adds a replica, though it copies the items itself.
        ...["BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"],
      ],
      resources: ["arn:aws:dynamodb:*:<account>:table/<region>-*"],
    },
    {
      prefix: "cognito-idp",
      types: ["aws:cognito/"],
      actions: [
        ...["*UserPool*", "*ResourceServer", "*ManagedLoginBranding*", "AddCustomAttributes"],
        // Groups, not the users in them.
        "*IdentityProvider",
        ...["CreateGroup", "GetGroup", "UpdateGroup", "DeleteGroup", "*LogDeliveryConfiguration", ...tags],
      ],
    },
    {
      prefix: "ses",
      types: ["aws:sesv2/"],
      actions: ["*EmailIdentity", "PutEmailIdentityDkim*", ...tags],
      resources: ["arn:aws:ses:<region>:<account>:identity/*"],
    },
    {
      prefix: "kms",
      types: ["aws:kms/"],
      actions: [
        ...["CreateKey", "DescribeKey", "*KeyPolic*", "*KeyRotation*", "*KeyDeletion", "UpdateKeyDescription"],
        ...["ListResourceTags", "TagResource", "UntagResource"],
        // Needed to delete an image repository, which has a grant on AWS's own key.
        "RetireGrant",
        // A replica of the tables' key: AWS asks for this in the region of the key, and for CreateKey in the replica's.
        "ReplicateKey",
      ],
    },
    {
      prefix: "kms",
      types: [],
      // DynamoDB makes an encrypted table with the permissions of its caller.
      actions: ["CreateGrant", ...tableKeyActions.map((action) => action.replace("kms:", ""))],
      condition: throughDynamoDb,
    },
    {
      prefix: "cloudwatch",
      types: ["aws:cloudwatch/metricAlarm:"],
      actions: ["*Alarms", "PutMetricAlarm", "*AlarmActions", ...tags],
      // Beanstalk and Application Auto Scaling make alarms with the permissions of the caller.
      resources: ["<region>", "awseb", "TargetTracking"].map(
        (name) => `arn:aws:cloudwatch:<region>:<account>:alarm:${name}-*`,
      ),
    },
  ],
  compute: [
    {
      prefix: "application-autoscaling",
      types: ["aws:appautoscaling/"],
      actions: ["*ScalableTarget*", "*ScalingPolic*", "DescribeScalingActivities", ...tags],
    },
    {
      prefix: "autoscaling",
      types: ["aws:autoscaling/"],
      actions: [
        ...["Describe*", "*AutoScalingGroup", "*Tags", "*InstanceRefresh", "*Instances", "*LifecycleHook"],
        ...["*MetricsCollection", "*Policy", "*Processes", "SetDesiredCapacity", "SetInstanceProtection"],
        ...["*LoadBalancerTargetGroups", "*TrafficSources", "*NotificationConfiguration", "*Scheduled*"],
        // Beanstalk may make a launch configuration.
        "*LaunchConfiguration",
      ],
    },
    {
      prefix: "codedeploy",
      types: ["aws:codedeploy/"],
      actions: ["*Application", "*DeploymentGroup", ...tags],
      resources: ["arn:aws:codedeploy:<region>:<account>:*:<region>-*"],
    },
    {
      prefix: "ecr",
      types: ["aws:ecr/", "awsx:ecr:Image"],
      actions: [
        ...["*Repository", "DescribeRepositories", "*LifecyclePolicy", "PutImage*", ...tags],
        ...["BatchCheckLayerAvailability", "*LayerUpload", "UploadLayerPart", "GetDownloadUrlForLayer"],
        ...["BatchGetImage", "BatchDeleteImage", "*Images"],
      ],
      resources: ["arn:aws:ecr:<region>:<account>:repository/<region>-*"],
    },
    { prefix: "ecr", types: ["awsx:ecr:Image"], actions: ["GetAuthorizationToken"] },
    {
      prefix: "ecs",
      types: ["aws:ecs/"],
      actions: [
        ...["*Cluster", "DescribeClusters", "UpdateClusterSettings", "PutClusterCapacityProviders", ...tags],
        ...["*Service", "DescribeServices", "*ServiceDeployment*", "*TaskDefinition", "*Tasks"],
      ],
    },
    // Makes templates, and starts no experiment.
    {
      prefix: "fis",
      types: ["aws:fis/"],
      actions: ["*ExperimentTemplate", ...tags],
      resources: ["action", "experiment-template"].map((type) => `arn:aws:fis:<region>:<account>:${type}/*`),
    },
    {
      prefix: "lambda",
      types: ["function", "alias:", "invocation:", "permission:", "provisionedConcurrencyConfig:"].map(
        (type) => `aws:lambda/${type}`,
      ),
      actions: [
        ...["*Alias", "*Function", "*FunctionCode", "*FunctionConcurrency", "*FunctionConfiguration"],
        "*FunctionEventInvokeConfig",
        ...["GetFunction*", "*Permission", "GetPolicy", "PublishVersion", "*ProvisionedConcurrencyConfig"],
        ...["ListVersionsByFunction", ...functionTags],
      ],
      resources: ["arn:aws:lambda:<region>:<account>:function:<region>-*"],
    },
  ],
  messages: [
    {
      prefix: "sns",
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
      prefix: "lambda",
      types: ["aws:lambda/eventSourceMapping:"],
      actions: ["DeleteEventSourceMapping", "GetEventSourceMapping", "UpdateEventSourceMapping", ...functionTags],
      resources: ["arn:aws:lambda:<region>:<account>:event-source-mapping:*"],
    },
    {
      prefix: "lambda",
      types: ["aws:lambda/eventSourceMapping:"],
      // Takes no resource, as AWS chooses the id.
      actions: ["CreateEventSourceMapping"],
      condition: { ArnLike: { "lambda:FunctionArn": "arn:aws:lambda:*:*:function:*-*" } },
    },
    {
      prefix: "pipes",
      types: ["aws:pipes/"],
      actions: ["*Pipe", ...tags],
      resources: ["arn:aws:pipes:<region>:<account>:pipe/<region>-*"],
    },
    {
      prefix: "scheduler",
      types: ["aws:scheduler/"],
      actions: ["*Schedule", "*ScheduleGroup", ...tags],
      resources: ["schedule", "schedule-group"].map(
        (type) => `arn:aws:scheduler:<region>:<account>:${type}/<region>-*`,
      ),
    },
    {
      prefix: "sqs",
      types: ["aws:sqs/"],
      actions: ["*Queue", "*QueueAttributes", "*QueueUrl", "*QueueTags"],
      resources: ["arn:aws:sqs:<region>:<account>:<region>-*"],
    },
  ],
  web: [
    {
      prefix: "cloudfront",
      types: ["aws:cloudfront/"],
      actions: [
        // Cognito asks for UpdateDistribution of who gives the sign-in page a name.
        ...["*Distribution", "GetDistributionConfig", "*Function", "*OriginAccessControl*", "*ResponseHeadersPolicy*"],
        // Asked of who has the requests of a distribution logged.
        "AllowVendedLogDeliveryForResource",
        ...tags,
      ],
      global: true,
    },
    {
      prefix: "logs",
      types: ["aws:cloudwatch/logDelivery"],
      actions: [
        ...["*LogGroup", "DescribeLogGroups", "*RetentionPolicy", "*ResourcePolic*", ...tags],
        ...["*Delivery", "*DeliverySource", "*DeliveryDestination", "UpdateDeliveryConfiguration"],
      ],
      global: true,
      condition: inCloudFrontsRegion,
    },
    {
      prefix: "wafv2",
      types: ["aws:wafv2/"],
      actions: ["*WebACL", "*LoggingConfiguration", ...tags],
      global: true,
      condition: inCloudFrontsRegion,
    },
    {
      prefix: "sns",
      types: [],
      actions: ["*Topic", "*TopicAttributes", "*ubscribe", "*SubscriptionAttributes", ...tags],
      resources: [`arn:aws:sns:${CLOUDFRONT_REGION}:<account>:<region>-*`],
      global: true,
    },
    {
      prefix: "kms",
      types: [],
      actions: [
        ...["CreateKey", "DescribeKey", "*KeyPolic*", "*KeyRotation*", "*KeyDeletion", "UpdateKeyDescription"],
        ...["ListResourceTags", "TagResource", "UntagResource"],
      ],
      global: true,
      condition: inCloudFrontsRegion,
    },
    {
      prefix: "cloudwatch",
      types: [],
      actions: ["*Alarms", "PutMetricAlarm", ...tags],
      resources: [`arn:aws:cloudwatch:${CLOUDFRONT_REGION}:<account>:alarm:<region>-*`],
      global: true,
    },
  ],
  traffic: [
    {
      prefix: "secretsmanager",
      types: ["aws:secretsmanager/"],
      // Neither reads nor writes a value: `npm run tenant` does, as whoever runs it.
      actions: ["CreateSecret", "DeleteSecret", "DescribeSecret", "UpdateSecret", "GetResourcePolicy", ...tags],
      resources: ["arn:aws:secretsmanager:<region>:<account>:secret:<region>-*"],
    },
    { prefix: "acm", types: ["aws:acm/"], actions: ["*Certificate", "UpdateCertificateOptions"] },
    {
      prefix: "apigateway",
      types: ["aws:apigateway/", "aws:apigatewayv2/"],
      actions: [
        ...["DELETE", "GET", "PATCH", "POST", "PUT", "SetWebACL"],
        // Of private APIs: their policies, and the endpoints that use their names.
        ...["CreateAccessAssociation", "UpdateDomainNamePolicy", "UpdateRestApiPolicy"],
      ],
      // Not /account, where the role for execution logs is set. Private names belong to an account.
      resources: [
        ...["apis", "domainnames", "restapis", "tags", "usageplans", "vpclinks"].map(
          (path) => `arn:aws:apigateway:<region>::/${path}*`,
        ),
        ...["domainnameaccessassociations", "domainnames"].map(
          (path) => `arn:aws:apigateway:<region>:<account>:/${path}*`,
        ),
      ],
    },
    {
      prefix: "wafv2",
      types: ["aws:wafv2/"],
      actions: ["*WebACL", "GetWebACLForResource", "*LoggingConfiguration", ...tags],
    },
    {
      prefix: "elasticloadbalancing",
      types: ["aws:lb/"],
      actions: [
        ...["Describe*", "*LoadBalancer", "*LoadBalancerAttributes", "*Listener", "*ListenerAttributes", "*Rule"],
        ...["SetRulePriorities", "*TargetGroup", "*TargetGroupAttributes", "*Targets", "*Tags"],
        ...["SetIpAddressType", "SetSecurityGroups", "SetSubnets"],
      ],
    },
    {
      prefix: "elasticbeanstalk",
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
      // Beanstalk makes its environments as CloudFormation stacks, with the permissions of the caller.
      prefix: "cloudformation",
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
      prefix: "cloudformation",
      types: ["aws:elasticbeanstalk/environment:"],
      actions: ["Describe*", "List*", "ValidateTemplate"],
    },
    {
      prefix: "ssm",
      types: ["aws:ec2/launchTemplate:"],
      actions: ["GetParameter*"],
      resources: ["arn:aws:ssm:<region>::parameter/aws/service/*"],
    },
  ],
};
