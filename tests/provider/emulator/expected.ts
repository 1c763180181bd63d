/** Resources of a type that the emulator cannot hold, with a part of what it answers. */
export interface Lacking {
  readonly type: string;
  readonly failure: RegExp;
  readonly reason: string;
}

/** An argument that comes back otherwise, or not at all. */
export interface Loss {
  readonly type: string;
  /** List indexes left out. */
  readonly argument: string;
  /** Who loses it: the provider on its way to AWS, or the emulator, in whose place AWS keeps it. */
  readonly by: "provider" | "emulator";
  readonly reason: string;
}

const absent = (operation: string) => `the emulator has no ${operation}`;

/** Each must still fail, or the check does. */
export const lacking: readonly Lacking[] = [
  {
    type: "aws_apigatewayv2_domain_name",
    failure: /unexpected state ''/,
    reason: "the emulator's domain names have no status, for which the provider waits",
  },
  {
    type: "aws_appautoscaling_target",
    failure: /ListTagsForResource/,
    reason: absent("ListTagsForResource of application scaling"),
  },
  {
    type: "aws_cloudwatch_metric_alarm",
    failure: /PutMetricAlarm, .*unexpected smithy-protocol/,
    reason: "the emulator does not speak CBOR, in which the provider talks to CloudWatch",
  },
  {
    type: "aws_cognito_managed_login_branding",
    failure: /CreateManagedLoginBranding/,
    reason: absent("CreateManagedLoginBranding"),
  },
  {
    type: "aws_elastic_beanstalk_application",
    failure: /UpdateApplicationResourceLifecycle/,
    reason: absent("UpdateApplicationResourceLifecycle"),
  },
  {
    type: "aws_elastic_beanstalk_application_version",
    failure: /CreateApplicationVersion/,
    reason: absent("CreateApplicationVersion"),
  },
  {
    type: "aws_elastic_beanstalk_environment",
    failure: /DescribeEvents/,
    reason: absent("DescribeEvents of Beanstalk"),
  },
  {
    type: "aws_lambda_provisioned_concurrency_config",
    failure: /PutProvisionedConcurrencyConfig/,
    reason: absent("PutProvisionedConcurrencyConfig"),
  },
  {
    type: "aws_s3_object",
    failure: /PutObject, .*403/,
    reason: "the bucket's own policy refuses it: the emulator speaks plain HTTP, and the policy demands TLS",
  },
];

const unknownTo = (type: string, ...all: readonly string[]): Loss[] =>
  all.map((argument) => ({ type, argument, by: "emulator", reason: "the emulator does not know it" }));

/** Each must still be lost, or the check fails. */
export const losses: readonly Loss[] = [
  ...unknownTo(
    "aws_autoscaling_group",
    "availability_zone_distribution.capacity_distribution_strategy",
    "default_instance_warmup",
    "instance_maintenance_policy",
  ),
  ...unknownTo("aws_codedeploy_deployment_group", "alarm_configuration"),
  ...unknownTo("aws_cognito_user_pool", "user_pool_tier"),
  ...unknownTo("aws_cognito_user_pool_domain", "managed_login_version"),
  ...unknownTo(
    "aws_ecs_service",
    "availability_zone_rebalancing",
    "capacity_provider_strategy",
    "enable_ecs_managed_tags",
  ),
  ...unknownTo("aws_lambda_function", "logging_config"),
  ...unknownTo("aws_s3_bucket", "tags.environment", "tags.managed-by", "tags.project", "tags.region", "tags.service"),
  ...unknownTo("aws_vpc_security_group_egress_rule", "description"),
  ...unknownTo("aws_vpc_security_group_ingress_rule", "description"),
  {
    type: "aws_iam_openid_connect_provider",
    argument: "url",
    by: "provider",
    reason: "IAM keeps it without its https://; the provider takes both for the same",
  },
  {
    type: "aws_lb",
    argument: "enable_cross_zone_load_balancing",
    by: "provider",
    reason: "an Application Load Balancer is always cross-zone; the provider sends it for other kinds only",
  },
  ...["egress.protocol", "ingress.protocol"].map((argument): Loss => {
    const reason = "EC2 keeps the protocol's number; the provider takes both for the same";
    return { type: "aws_network_acl", argument, by: "provider", reason };
  }),
  {
    type: "aws_route53_record",
    argument: "name",
    by: "provider",
    reason: "ACM names its records with a final dot, which the provider cuts off",
  },
];
