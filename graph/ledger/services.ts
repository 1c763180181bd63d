const manual = "https://docs.aws.amazon.com/general/latest/gr";
/** Where AWS says which control planes are in one region only, and what depends on that of Route 53. */
export const globalServicesPage =
  "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html";
/** Where AWS lists the endpoints of services by region. */
export const endpointsPage = `${manual}/rande.html`;

/** What the ledger knows of an AWS service. */
export interface AwsService {
  readonly name: string;
  /** Region of the control plane, where it is one for all regions. @default the region of the resource */
  readonly control?: string;
  /** Whether the data plane is in many places and in no region of its own. @default false */
  readonly global?: boolean;
  readonly source: string;
}

const regional = (name: string, page?: string): AwsService => ({
  name,
  source: page === undefined ? endpointsPage : `${manual}/${page}`,
});
const central = (name: string, control: string, global = false): AwsService => ({
  name,
  control,
  global,
  source: globalServicesPage,
});

/** AWS services by the name that their ARNs or endpoints have. */
const byName: Readonly<Record<string, AwsService>> = {
  account: central("AWS Account Management", "us-east-1"),
  acm: regional("AWS Certificate Manager", "acm.html"),
  amplify: regional("AWS Amplify"),
  apigateway: regional("Amazon API Gateway", "apigateway.html"),
  appconfig: regional("AWS AppConfig"),
  "application-autoscaling": regional("Application Auto Scaling", "as-app.html"),
  "arc-zonal-shift": regional("ARC zonal shift"),
  athena: regional("Amazon Athena"),
  autoscaling: regional("Amazon EC2 Auto Scaling", "as.html"),
  bedrock: regional("Amazon Bedrock"),
  cloudformation: regional("AWS CloudFormation", "cfn.html"),
  cloudfront: central("Amazon CloudFront", "us-east-1", true),
  cloudwatch: regional("Amazon CloudWatch", "cw_region.html"),
  codeartifact: regional("AWS CodeArtifact"),
  codedeploy: regional("AWS CodeDeploy", "codedeploy.html"),
  cognito: regional("Amazon Cognito", "cognito_identity.html"),
  docdb: regional("Amazon DocumentDB"),
  dynamodb: regional("Amazon DynamoDB", "ddb.html"),
  ec2: regional("Amazon EC2", "ec2-service.html"),
  ecr: regional("Amazon ECR", "ecr.html"),
  "ecr-public": central("Amazon ECR Public", "us-east-1", true),
  ecs: regional("Amazon ECS", "ecs-service.html"),
  elasticache: regional("Amazon ElastiCache", "elasticache-service.html"),
  elasticbeanstalk: regional("AWS Elastic Beanstalk", "elasticbeanstalk.html"),
  elasticfilesystem: regional("Amazon EFS"),
  elasticloadbalancing: regional("Elastic Load Balancing", "elb.html"),
  es: regional("Amazon OpenSearch Service"),
  events: regional("Amazon EventBridge"),
  firehose: regional("Amazon Data Firehose"),
  globalaccelerator: central("AWS Global Accelerator", "us-west-2", true),
  iam: central("AWS IAM", "us-east-1"),
  kafka: regional("Amazon MSK"),
  kinesis: regional("Amazon Kinesis", "ak.html"),
  kms: regional("AWS KMS", "kms.html"),
  lambda: regional("AWS Lambda", "lambda-service.html"),
  logs: regional("CloudWatch Logs", "cwl_region.html"),
  mq: regional("Amazon MQ"),
  networkmanager: central("AWS Network Manager", "us-west-2"),
  organizations: central("AWS Organizations", "us-east-1"),
  pipes: {
    name: "EventBridge Pipes",
    source: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes.html",
  },
  rds: regional("Amazon RDS", "rds-service.html"),
  redshift: regional("Amazon Redshift"),
  route53: central("Amazon Route 53", "us-east-1", true),
  route53domains: central("Route 53 domains", "us-east-1"),
  "route53-recovery-cluster": { ...central("Route 53 ARC routing control", "us-west-2", true) },
  "route53-recovery-control-config": central("Route 53 ARC", "us-west-2"),
  "route53-recovery-readiness": central("Route 53 ARC", "us-west-2"),
  s3: regional("Amazon S3", "s3.html"),
  scheduler: regional("EventBridge Scheduler"),
  secretsmanager: regional("AWS Secrets Manager", "asm.html"),
  servicediscovery: regional("AWS Cloud Map", "cloud_map.html"),
  ses: regional("Amazon SES", "ses.html"),
  shield: central("AWS Shield", "us-east-1"),
  sns: regional("Amazon SNS", "sns.html"),
  sqs: regional("Amazon SQS", "sqs-service.html"),
  ssm: regional("AWS Systems Manager", "ssm.html"),
  states: regional("AWS Step Functions"),
  sts: regional("AWS STS", "sts.html"),
  vpc: regional("Amazon VPC", "ec2-service.html"),
  wafv2: regional("AWS WAF", "waf.html"),
  xray: regional("AWS X-Ray", "xray.html"),
};

/** Other names of the same services: of endpoints, permissions, and modules of the Pulumi provider. */
const aliases: Readonly<Record<string, string>> = {
  alb: "elasticloadbalancing",
  apigatewayv2: "apigateway",
  appautoscaling: "application-autoscaling",
  appconfigdata: "appconfig",
  cache: "elasticache",
  "cognito-identity": "cognito",
  "cognito-idp": "cognito",
  "data-servicediscovery": "servicediscovery",
  dax: "dynamodb",
  "dkr.ecr": "ecr",
  ebs: "ec2",
  ec2messages: "ssm",
  "ecr.api": "ecr",
  "ecr.dkr": "ecr",
  efs: "elasticfilesystem",
  elasticloadbalancingv2: "elasticloadbalancing",
  elb: "elasticloadbalancing",
  "email-smtp": "ses",
  email: "ses",
  "execute-api": "apigateway",
  "kinesis-firehose": "firehose",
  "lambda-url": "lambda",
  lb: "elasticloadbalancing",
  monitoring: "cloudwatch",
  opensearch: "es",
  aoss: "es",
  queue: "sqs",
  recovery: "route53-recovery-control-config",
  route53recoverycontrol: "route53-recovery-control-config",
  route53recoveryreadiness: "route53-recovery-readiness",
  sfn: "states",
  ssmmessages: "ssm",
  "s3-accelerate": "s3",
  "s3-control": "s3",
  vpce: "vpc",
  waf: "wafv2",
  "bedrock-runtime": "bedrock",
  cloudwatchlogs: "logs",
};

/** Returns a service by the name of its ARNs, endpoints, permissions or of its module in the provider. */
export function serviceOf(name: string): AwsService | undefined {
  const own = aliases[name] ?? name;
  return Object.hasOwn(byName, own) ? byName[own] : undefined;
}

/** Returns a service by such a name, or by the name alone when the table does not have it. */
export function serviceNamed(name: string): AwsService {
  return serviceOf(name) ?? { name, source: endpointsPage };
}

/** Modules of the provider that make resources of more than one service, by type. */
const moduleOfType: Readonly<Record<string, string>> = {
  "aws:cloudwatch/logDelivery:LogDelivery": "logs",
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": "logs",
  "aws:cloudwatch/logDeliverySource:LogDeliverySource": "logs",
  "aws:cloudwatch/logGroup:LogGroup": "logs",
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": "logs",
  "awsx:ec2:Vpc": "vpc",
  // It copies an image into the account's registry.
  "docker-build:index:Index": "ecr",
};

/** Returns the service that makes and changes the resources of a type. @example "aws:iam/role:Role" */
export function makerOf(type: string): AwsService | undefined {
  const [, module = ""] = /^awsx?:([a-z0-9]+)/i.exec(type) ?? [];
  return serviceOf(moduleOfType[type] ?? module.toLowerCase());
}
