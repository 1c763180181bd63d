import { canonicalType } from "./types";

/** Names of AWS services by the module of a type token. A module that is not listed is named as it is written. */
const services: Readonly<Record<string, string>> = {
  accessanalyzer: "IAM Access Analyzer",
  acm: "Certificate Manager",
  apigateway: "API Gateway",
  apigatewayv2: "API Gateway",
  appautoscaling: "Application Auto Scaling",
  applicationloadbalancing: "Elastic Load Balancing",
  apprunner: "App Runner",
  appsync: "AppSync",
  arczonalshift: "Application Recovery Controller",
  athena: "Athena",
  autoscaling: "EC2 Auto Scaling",
  backup: "AWS Backup",
  batch: "Batch",
  bedrock: "Bedrock",
  budgets: "Budgets",
  cfg: "Config",
  cloudfront: "CloudFront",
  cloudhsmv2: "CloudHSM",
  cloudtrail: "CloudTrail",
  cloudwatch: "CloudWatch",
  codebuild: "CodeBuild",
  codedeploy: "CodeDeploy",
  codepipeline: "CodePipeline",
  cognito: "Cognito",
  connect: "Connect",
  datasync: "DataSync",
  directconnect: "Direct Connect",
  dms: "Database Migration Service",
  docdb: "DocumentDB",
  dynamodb: "DynamoDB",
  ebs: "EBS",
  ec2: "EC2",
  ec2transitgateway: "Transit Gateway",
  ecr: "ECR",
  ecs: "ECS",
  efs: "EFS",
  eks: "EKS",
  elasticache: "ElastiCache",
  elasticbeanstalk: "Elastic Beanstalk",
  elasticloadbalancingv2: "Elastic Load Balancing",
  elasticsearch: "OpenSearch",
  elb: "Elastic Load Balancing",
  emr: "EMR",
  fis: "FIS",
  fsx: "FSx",
  globalaccelerator: "Global Accelerator",
  glue: "Glue",
  guardduty: "GuardDuty",
  iam: "IAM",
  inspector2: "Inspector",
  iot: "IoT Core",
  kinesis: "Kinesis",
  kms: "KMS",
  lambda: "Lambda",
  lb: "Elastic Load Balancing",
  lightsail: "Lightsail",
  memorydb: "MemoryDB",
  mq: "Amazon MQ",
  msk: "MSK",
  mwaa: "MWAA",
  neptune: "Neptune",
  networkfirewall: "Network Firewall",
  opensearch: "OpenSearch",
  organizations: "Organizations",
  pipes: "EventBridge Pipes",
  ram: "Resource Access Manager",
  rbin: "Recycle Bin",
  rds: "RDS",
  redshift: "Redshift",
  resourcegroups: "Resource Groups",
  route53: "Route 53",
  rum: "CloudWatch RUM",
  s3: "S3",
  sagemaker: "SageMaker",
  scheduler: "EventBridge Scheduler",
  secretsmanager: "Secrets Manager",
  securityhub: "Security Hub",
  servicediscovery: "Cloud Map",
  ses: "SES",
  sesv2: "SES",
  sfn: "Step Functions",
  shield: "Shield",
  sns: "SNS",
  sqs: "SQS",
  ssm: "Systems Manager",
  synthetics: "CloudWatch Synthetics",
  transfer: "Transfer Family",
  vpc: "EC2",
  vpclattice: "VPC Lattice",
  vpn: "VPN",
  waf: "WAF",
  wafregional: "WAF",
  wafv2: "WAF",
  workspaces: "WorkSpaces",
  xray: "X-Ray",
};

/** Names of AWS services whose types are in the module of another one, by the start of the path in a type token. */
const parts: readonly (readonly [start: string, service: string])[] = [
  ["cloudwatch/event", "EventBridge"],
  ["kinesis/firehose", "Data Firehose"],
];

/** Words of class names that people write in capitals. */
const capitals: Readonly<Record<string, string>> = {
  acl: "ACL",
  api: "API",
  db: "DB",
  dns: "DNS",
  ip: "IP",
  mq: "MQ",
  nat: "NAT",
  rest: "REST",
  tls: "TLS",
  url: "URL",
  vpc: "VPC",
};

/** Returns the AWS service of a type, as messages name it; of other packages than `aws` and `awsx` the package. */
export function serviceOf(type: string): string {
  const [provider = "", path = ""] = type.split(":");
  const module = path.split("/")[0] ?? "";
  // Components of awsx are in modules of the same names.
  if (provider !== "aws" && provider !== "awsx") return provider === "pulumi" ? "Pulumi" : provider;
  return parts.find(([start]) => path.startsWith(start))?.[1] ?? services[module] ?? module;
}

/** Tells whether messages name a service like this, in small or capital letters. */
export function isServiceName(name: string): boolean {
  const names = [...Object.values(services), ...parts.map(([, service]) => service)];
  return names.some((one) => one.toLowerCase() === name.toLowerCase());
}

/** Returns the canonical type and the name in a URN. */
export function kindOfUrn(urn: string): { readonly type: string; readonly name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: canonicalType(types.split("$").at(-1) ?? ""), name: name.join("::") };
}

/**
 * Names a kind of resource for people.
 * @param type  type token; for tokens of other packages than `aws` the package is the service
 * @example describeType("aws:lb/targetGroup:TargetGroup") // "Elastic Load Balancing target group"
 */
export function describeType(type: string): string {
  const name = type.split(":")[2] ?? "";
  const words = name.split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/).map((word) => word.toLowerCase());
  const service = serviceOf(type);
  // "Data Firehose delivery stream" says it once.
  if (service.toLowerCase().endsWith(` ${words[0]}`)) words.shift();
  return [service, ...words.map((word) => capitals[word] ?? word)].filter((word) => word !== "").join(" ");
}
