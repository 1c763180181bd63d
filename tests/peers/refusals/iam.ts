import { type Refusal, refused } from "../refusal";

export const iam: readonly Refusal[] = [
  refused({
    rules: ["IAMNoInlinePolicy"],
    resources: ["*-role", "*-deployer", "http-*-work"],
    wants: "Managed policies.",
    why: "Each policy belongs to one role, names that role's resources, and dies with it; nobody can attach it elsewhere.",
  }),
  refused({
    rules: ["IAM4"],
    resources: ["price-calculator-service-role"],
    details: [
      "Policy::arn:aws:iam::aws:policy/service-role/AWSElasticBeanstalkEnhancedHealth",
      "Policy::arn:aws:iam::aws:policy/AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy",
    ],
    wants: "No managed policies of AWS.",
    why: "They let Beanstalk act for the account, and AWS changes them with it.",
  }),
  refused({
    rules: ["IAM5"],
    resources: ["*-role"],
    details: ["Resource::arn:aws:dynamodb:<region>:123456789012:table/*/index/**"],
    wants: "No wildcard.",
    why: "The indexes of the role's own table.",
  }),
  refused({
    rules: ["IAM5"],
    resources: ["*-role"],
    details: [
      "Resource::arn:aws:logs:<region>:123456789012:log-group:*:**",
      "Resource::arn:aws:logs:<region>:123456789012:log-group:/aws/elasticbeanstalk/*-**",
    ],
    wants: "No wildcard.",
    why: "The streams of the role's own log group, which are named as servers come and go. Beanstalk makes the groups, below the environment's name.",
  }),
  refused({
    rules: ["IAM5"],
    resources: ["*-role"],
    details: ["Resource::arn:aws:s3:::*-objects-bucket-*/**"],
    wants: "No wildcard.",
    why: "The objects of the service's own bucket.",
  }),
  refused({
    rules: ["IAM5"],
    resources: ["*-role"],
    details: [
      "Resource::arn:aws:s3:::*-artifacts-bucket-*/*/**",
      "Resource::arn:aws:ec2:<region>:123456789012:instance/**",
    ],
    wants: "No wildcard.",
    why: "The service's own artifacts, named by hash; and instances, whose ids nobody knows beforehand: the action only reports the state of an agent.",
  }),
  refused({
    rules: ["IAM5"],
    resources: ["*-role"],
    details: [
      "Resource::arn:aws:s3:::elasticbeanstalk-<region>-123456789012/resources/environments/*",
      "Resource::arn:aws:elasticbeanstalk:<region>:123456789012:application/*-**",
      "Resource::arn:aws:elasticbeanstalk:<region>:123456789012:environment/*-**/*-**",
    ],
    wants: "No wildcard.",
    why: "Beanstalk names the folder, the application and the environment itself; the prefix is as narrow as it can be known.",
  }),
  refused({
    rules: ["IAM5"],
    resources: ["rest-forwarder-role", "*-queues-caller-role"],
    details: [
      "Resource::arn:aws:ec2:<region>:123456789012:network-interface/**",
      "Resource::arn:aws:ec2:<region>:123456789012:security-group/**",
      "Resource::arn:aws:ec2:<region>:123456789012:subnet/**",
    ],
    wants: "No wildcard.",
    why: "Lambda makes the function's network interfaces with its role, in subnets and groups of the network; their ids are not known beforehand, and AWS's own policy for it names no resource at all.",
  }),
  refused({
    rules: ["IAM5"],
    resources: ["*-role"],
    details: ["Resource::arn:aws:execute-api:<region>:123456789012:*/live/*/**"],
    wants: "No wildcard.",
    why: "The parameter of a route that the service's contract says it calls; API, stage, method and the rest of the path are named.",
  }),
  refused({
    rules: ["IAM5"],
    resources: ["*-canary-*"],
    details: [
      "Resource::arn:aws:lambda:<region>:123456789012:function:*:**",
      "Resource::arn:aws:cloudwatch:<region>:123456789012:alarm:**",
    ],
    wants: "No wildcard.",
    why: "Versions and aliases of the one function; and reading the state of alarms, nothing else.",
  }),
  refused({
    rules: ["IAM5", "LambdaStarPermissions"],
    resources: ["*-role"],
    details: ["Resource::**", ""],
    wants: "No wildcard.",
    why: "Actions that take no resource: a token for the image registry, traces, a message of an agent, a list of log groups.",
  }),
];
