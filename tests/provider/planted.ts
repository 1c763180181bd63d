/** A value that the provider must refuse, in place of one of the program's. */
export interface Planted {
  /** Pulumi's type; the first such resource of prod is taken. */
  readonly token: string;
  /** The provider's argument that its errors must be about; empty where it names none. */
  readonly argument: string;
  /** What is wrong, for people. */
  readonly fault: string;
  readonly plant: (inputs: any) => void;
}

const plant = (token: string, argument: string, fault: string, change: (inputs: any) => void): Planted => {
  return { token, argument, fault, plant: change };
};

/** One wrong value in each of these types; each must be refused. */
export const planted: readonly Planted[] = [
  plant(
    "aws:acm/certificate:Certificate",
    "validation_method",
    "a way of validation that ACM does not have",
    (inputs) => {
      inputs.validationMethod = "PHONE";
    },
  ),
  plant("aws:apigatewayv2/api:Api", "protocol_type", "a protocol that API Gateway does not have", (inputs) => {
    inputs.protocolType = "GRPC";
  }),
  plant(
    "aws:apigatewayv2/integration:Integration",
    "integration_type",
    "a type of integration that there is not",
    (inputs) => {
      inputs.integrationType = "GRPC_PROXY";
    },
  ),
  plant("aws:apigatewayv2/stage:Stage", "api_id", "no API", (inputs) => {
    delete inputs.apiId;
  }),
  plant("aws:appautoscaling/policy:Policy", "policy_type", "an unknown type of policy", (inputs) => {
    inputs.policyType = "GuessScaling";
  }),
  plant(
    "aws:autoscaling/group:Group",
    "instance_refresh.strategy",
    "an unknown strategy of instance refresh",
    (inputs) => {
      inputs.instanceRefresh.strategy = "AllAtOnce";
    },
  ),
  plant(
    "aws:cloudwatch/logGroup:LogGroup",
    "retention_in_days",
    "a retention that CloudWatch does not have",
    (inputs) => {
      inputs.retentionInDays = 91;
    },
  ),
  plant("aws:cloudwatch/metricAlarm:MetricAlarm", "comparison_operator", "an unknown comparison", (inputs) => {
    inputs.comparisonOperator = "MoreThanThreshold";
  }),
  plant(
    "aws:codedeploy/deploymentGroup:DeploymentGroup",
    "deployment_style.deployment_option",
    "an unknown way of deployment",
    (inputs) => {
      inputs.deploymentStyle.deploymentOption = "WITH_LUCK";
    },
  ),
  plant(
    "aws:cognito/userPool:UserPool",
    "password_policy.minimum_length",
    "a password of five characters",
    (inputs) => {
      inputs.passwordPolicy.minimumLength = 5;
    },
  ),
  plant(
    "aws:cognito/userPoolClient:UserPoolClient",
    "explicit_auth_flows",
    "an unknown authentication flow",
    (inputs) => {
      inputs.explicitAuthFlows = ["ALLOW_ANYTHING"];
    },
  ),
  plant("aws:dynamodb/table:Table", "", "a key attribute that is not declared", (inputs) => {
    inputs.hashKey = "undeclared";
  }),
  plant("aws:ec2/flowLog:FlowLog", "max_aggregation_interval", "an interval that flow logs do not have", (inputs) => {
    inputs.maxAggregationInterval = 120;
  }),
  plant("aws:ec2/launchTemplate:LaunchTemplate", "description", "a description over 255 characters", (inputs) => {
    inputs.description = "x".repeat(256);
  }),
  plant("aws:ec2/subnet:Subnet", "cidr_block", "a block that is none", (inputs) => {
    inputs.cidrBlock = "10.16.0.0/33";
  }),
  plant("aws:ecr/repository:Repository", "image_tag_mutability", "an unknown tag mutability", (inputs) => {
    inputs.imageTagMutability = "SOMETIMES";
  }),
  plant("aws:ecs/service:Service", "availability_zone_rebalancing", "an unknown rebalancing", (inputs) => {
    inputs.availabilityZoneRebalancing = "ALWAYS";
  }),
  plant(
    "aws:ecs/taskDefinition:TaskDefinition",
    "container_definitions",
    "container definitions that are no JSON",
    (inputs) => {
      inputs.containerDefinitions = "[{";
    },
  ),
  plant("aws:elasticbeanstalk/environment:Environment", "tier", "an unknown tier", (inputs) => {
    inputs.tier = "Frontend";
  }),
  plant("aws:iam/role:Role", "max_session_duration", "a session of thirteen hours", (inputs) => {
    inputs.maxSessionDuration = 46_800;
  }),
  plant("aws:iam/rolePolicy:RolePolicy", "policy", "a policy that is no JSON", (inputs) => {
    inputs.policy = "{ Version: 2012-10-17";
  }),
  plant("aws:kms/key:Key", "deletion_window_in_days", "a deletion window of six days", (inputs) => {
    inputs.deletionWindowInDays = 6;
  }),
  plant("aws:lambda/function:Function", "runtime", "a runtime that Lambda does not have", (inputs) => {
    inputs.runtime = "nodejs99.x";
  }),
  plant("aws:lambda/permission:Permission", "action", "an action that is none", (inputs) => {
    inputs.action = "invoke";
  }),
  plant("aws:lb/listener:Listener", "port", "a port that there is not", (inputs) => {
    inputs.port = 70_000;
  }),
  plant("aws:lb/loadBalancer:LoadBalancer", "name", "a name over 32 characters", (inputs) => {
    inputs.name = "a-load-balancer-with-a-name-too-long";
  }),
  plant("aws:lb/targetGroup:TargetGroup", "health_check.interval", "a health check every three seconds", (inputs) => {
    inputs.healthCheck.interval = 3;
  }),
  plant("aws:route53/healthCheck:HealthCheck", "failure_threshold", "a failure threshold of eleven", (inputs) => {
    inputs.failureThreshold = 11;
  }),
  plant("aws:route53/record:Record", "type", "an unknown type", (inputs) => {
    inputs.type = "ALIAS";
  }),
  plant(
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "rule.status",
    "an unknown status",
    (inputs) => {
      inputs.rules[0].status = "On";
    },
  ),
  plant("aws:s3/bucketPolicy:BucketPolicy", "policy", "a policy that is no JSON", (inputs) => {
    inputs.policy = "everybody";
  }),
  plant("aws:sns/topicSubscription:TopicSubscription", "protocol", "an unknown protocol", (inputs) => {
    inputs.protocol = "fax";
  }),
  plant("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "ip_protocol", "no protocol", (inputs) => {
    delete inputs.ipProtocol;
  }),
];

const unseenIn = (token: string, fault: string, change: (inputs: any) => void) => ({ token, fault, plant: change });

/** Values that AWS refuses and the provider does not look at: what this check cannot see, of each kind one. */
export const unseen: readonly Omit<Planted, "argument">[] = [
  unseenIn("aws:apigatewayv2/integration:Integration", "a timeout over 30 seconds", (inputs) => {
    inputs.timeoutMilliseconds = 30_001;
  }),
  unseenIn("aws:appautoscaling/policy:Policy", "an unknown predefined metric", (inputs) => {
    const { predefinedMetricSpecification } = inputs.targetTrackingScalingPolicyConfiguration;
    predefinedMetricSpecification.predefinedMetricType = "ECSServiceAverageDiskUtilization";
  }),
  unseenIn("aws:autoscaling/group:Group", "more servers at least than at most", (inputs) => {
    inputs.minSize = inputs.maxSize + 1;
  }),
  unseenIn("aws:codedeploy/deploymentGroup:DeploymentGroup", "an unknown event of roll-back", (inputs) => {
    inputs.autoRollbackConfiguration.events = ["DEPLOYMENT_SLOW"];
  }),
  unseenIn("aws:ecs/taskDefinition:TaskDefinition", "processor and memory that do not go together", (inputs) => {
    Object.assign(inputs, { cpu: "256", memory: "30720" });
  }),
  unseenIn("aws:elasticbeanstalk/environment:Environment", "an option that Beanstalk does not have", (inputs) => {
    inputs.settings[0].name = "NoSuchOption";
  }),
  unseenIn("aws:iam/rolePolicy:RolePolicy", "an action that there is not", (inputs) => {
    inputs.policy = inputs.policy.replace(/"Action":"[^"]*"/, '"Action":"dynamodb:GuessItem"');
  }),
  unseenIn("aws:route53/zone:Zone", "a name that Route 53 reserves", (inputs) => {
    inputs.name = "example.com";
  }),
];
