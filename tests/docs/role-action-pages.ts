/** Why a role has an action that no test on this machine can show to be needed. */
export interface Demand {
  /** Who calls it. */
  readonly by: string;
  /** Page of AWS that demands it. */
  readonly page: string;
}

const guides = {
  tracing: {
    by: "the tracer of functions and of Beanstalk's instances, which sends traces to X-Ray",
    page: "https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html",
  },
  sampling: {
    by: "the X-Ray daemon of Beanstalk's instances, which asks what to trace",
    page: "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSXRayDaemonWriteAccess.html",
  },
  functionLogs: {
    by: "Lambda, the log driver of tasks or the agent of instances, which write the log of the code",
    page: "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html",
  },
  instanceLogs: {
    by: "the log agent of Beanstalk's instances, which finds its group and stream",
    page: "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/AWSHowTo.cloudwatchlogs.html",
  },
  interfaces: {
    by: "Lambda, which makes and removes the network interfaces of a function in the VPC",
    page: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
  },
  images: {
    by: "the ECS agent, which pulls the image",
    page: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html",
  },
  secrets: {
    by: "ECS, the start of an instance or the function, which read the service's secrets when they start",
    page: "https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html",
  },
  sessions: {
    by: "the SSM agent of instances, through which operators open a shell",
    page: "https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html",
  },
  beanstalkFiles: {
    by: "Beanstalk's instances, which download the application and upload bundles of logs",
    page: "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSElasticBeanstalkWebTier.html",
  },
  beanstalkHealth: {
    by: "Beanstalk's health agent",
    page: "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSElasticBeanstalkWebTier.html",
  },
  canary: {
    by: "the releaser, which starts the deployment of a new version",
    page: "https://docs.aws.amazon.com/codedeploy/latest/userguide/auth-and-access-control-permissions-reference.html",
  },
  alias: {
    by: "the releaser, which asks which version the alias has",
    page: "https://docs.aws.amazon.com/lambda/latest/api/API_GetAlias.html",
  },
  failedRuns: {
    by: "Lambda, which keeps events that failed for good",
    page: "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
  },
  queues: {
    by: "Lambda, which receives the messages of a queue and deletes those that were handled",
    page: "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
  },
  discovery: {
    by: "the function that hands messages to servers, which finds them in Cloud Map",
    page: "https://docs.aws.amazon.com/cloud-map/latest/api/API_DiscoverInstances.html",
  },
  artifact: {
    by: "the start of an instance, which downloads the artifact",
    page: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html",
  },
  tableKey: {
    by: "DynamoDB or SQS, which use the customer key of a table or queue with the permissions of their caller",
    page: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html",
  },
  freedKeys: {
    by: "the library of idempotency keys, which frees the key of a request that failed; no request of the reviews fails after its claim",
    page: "https://docs.aws.amazon.com/powertools/python/latest/utilities/idempotency",
  },
} as const satisfies Readonly<Record<string, Demand>>;

/** By action, or by `action on <part of the resource>`. */
export const demands: Readonly<Record<string, Demand>> = {
  ...all(["dynamodb:DeleteItem on reviews-idempotency-keys"], guides.freedKeys),
  ...all(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], guides.tracing),
  ...all(["xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:GetSamplingStatisticSummaries"], guides.sampling),
  ...all(["logs:CreateLogStream", "logs:PutLogEvents"], guides.functionLogs),
  ...all(["logs:DescribeLogGroups", "logs:DescribeLogStreams"], guides.instanceLogs),
  ...all(
    [
      ...["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"],
      ...["ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"],
    ],
    guides.interfaces,
  ),
  ...all(
    [
      ...["ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage"],
      "ecr:GetDownloadUrlForLayer",
    ],
    guides.images,
  ),
  ...all(["ssm:GetParameter", "ssm:GetParameters"], guides.secrets),
  ...all(
    [
      ...["ssm:UpdateInstanceInformation", "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel"],
      ...["ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"],
    ],
    guides.sessions,
  ),
  ...all(["elasticbeanstalk:PutInstanceStatistics"], guides.beanstalkHealth),
  ...all(
    [
      ...["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:ListBucketVersions", "s3:PutObject"].map(
        (action) => `${action} on elasticbeanstalk`,
      ),
    ],
    guides.beanstalkFiles,
  ),
  ...all(["s3:GetObject on artifacts-bucket"], guides.artifact),
  ...all(
    [
      ...["codedeploy:CreateDeployment", "codedeploy:GetDeploymentConfig", "codedeploy:GetApplicationRevision"],
      ...["codedeploy:RegisterApplicationRevision"],
    ],
    guides.canary,
  ),
  ...all(["lambda:GetAlias"], guides.alias),
  ...all(["sqs:SendMessage"], guides.failedRuns),
  ...all(
    ["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "ReceiveMessage"].map((name) => `sqs:${name}`),
    guides.queues,
  ),
  // What the function of schedules does without it is shown by a test; it is the same app.
  ...all(["servicediscovery:DiscoverInstances"], guides.discovery),
  ...all(["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"], guides.tableKey),
};

function all(actions: readonly string[], demand: Demand): Record<string, Demand> {
  return Object.fromEntries(actions.map((action) => [action, demand]));
}
