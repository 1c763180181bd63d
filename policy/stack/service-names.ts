import { canonicalType } from "./types";

/** Names of AWS services by the module of a type token. A module that is not listed is named as it is written. */
const services: Readonly<Record<string, string>> = {
  acm: "Certificate Manager",
  apigateway: "API Gateway",
  apigatewayv2: "API Gateway",
  appautoscaling: "Application Auto Scaling",
  applicationloadbalancing: "Elastic Load Balancing",
  arczonalshift: "Application Recovery Controller",
  autoscaling: "EC2 Auto Scaling",
  cfg: "Config",
  cloudfront: "CloudFront",
  cloudtrail: "CloudTrail",
  cloudwatch: "CloudWatch",
  codedeploy: "CodeDeploy",
  cognito: "Cognito",
  dynamodb: "DynamoDB",
  ebs: "EBS",
  ec2: "EC2",
  ecr: "ECR",
  ecs: "ECS",
  eks: "EKS",
  elasticache: "ElastiCache",
  elasticbeanstalk: "Elastic Beanstalk",
  elasticloadbalancingv2: "Elastic Load Balancing",
  iam: "IAM",
  kinesis: "Kinesis",
  kms: "KMS",
  lambda: "Lambda",
  lb: "Elastic Load Balancing",
  opensearch: "OpenSearch",
  pipes: "EventBridge Pipes",
  rds: "RDS",
  route53: "Route 53",
  s3: "S3",
  scheduler: "EventBridge Scheduler",
  secretsmanager: "Secrets Manager",
  servicediscovery: "Cloud Map",
  sns: "SNS",
  sqs: "SQS",
  vpc: "EC2",
  wafv2: "WAF",
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

/** Returns the AWS service of a type, as messages name it; of other packages than `aws` the package. */
export function serviceOf(type: string): string {
  const [provider = "", path = ""] = type.split(":");
  const module = path.split("/")[0] ?? "";
  if (provider !== "aws") return provider;
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
