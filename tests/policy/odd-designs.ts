import type { Draft } from "./helpers";

const WORLD = "0.0.0.0/0";
const region = "eu-west-1";
const document = (...statements: object[]) => ({ Version: "2012-10-17", Statement: statements });
const trust = (service: string) =>
  document({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } });
const subnet = (zone: string, cidrBlock: string) =>
  ["aws:ec2/subnet:Subnet", { vpcId: "@{vpc}", cidrBlock, availabilityZone: `${region}${zone}` }] as const;
const association = (subnetId: string, routeTableId: string) =>
  ["aws:ec2/routeTableAssociation:RouteTableAssociation", { subnetId, routeTableId }] as const;
const network: Draft = {
  vpc: ["aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }],
  a: subnet("a", "10.0.0.0/24"),
  b: subnet("b", "10.0.1.0/24"),
};
const group = (more: object = {}) => ["aws:ec2/securityGroup:SecurityGroup", { vpcId: "@{vpc}", ...more }] as const;
const inside = { protocol: "tcp", fromPort: 0, toPort: 65_535, cidrBlocks: ["10.0.0.0/16"] };

/** Designs of services that few rules know, as an owner who knows them writes them. Nothing in them is to be reported. */
export const oddDesigns: Readonly<Record<string, Draft>> = {
  "a firewall between the internet gateway and the subnets": {
    ...network,
    gateway: ["aws:ec2/internetGateway:InternetGateway", { vpcId: "@{vpc}" }],
    rules: ["aws:networkfirewall/ruleGroup:RuleGroup", { type: "STATEFUL", capacity: 100 }],
    policy: [
      "aws:networkfirewall/firewallPolicy:FirewallPolicy",
      {
        firewallPolicy: {
          statelessDefaultActions: ["aws:forward_to_sfe"],
          statelessFragmentDefaultActions: ["aws:drop"],
        },
      },
    ],
    firewall: [
      "aws:networkfirewall/firewall:Firewall",
      { vpcId: "@{vpc}", firewallPolicyArn: "@{policy.arn}", subnetMappings: [{ subnetId: "@{a}" }] },
    ],
    outside: [
      "aws:ec2/routeTable:RouteTable",
      { vpcId: "@{vpc}", routes: [{ cidrBlock: WORLD, gatewayId: "@{gateway}" }] },
    ],
    protected: [
      "aws:ec2/routeTable:RouteTable",
      { vpcId: "@{vpc}", routes: [{ cidrBlock: WORLD, vpcEndpointId: "vpce-0a1b2c" }] },
    ],
    "a-outside": association("@{a}", "@{outside}"),
    servers: ["aws:ec2/subnet:Subnet", { vpcId: "@{vpc}", cidrBlock: "10.0.2.0/24", mapPublicIpOnLaunch: true }],
    "servers-protected": association("@{servers}", "@{protected}"),
  },
  "appliances behind a gateway load balancer": {
    ...network,
    front: ["aws:lb/loadBalancer:LoadBalancer", { loadBalancerType: "gateway", subnets: ["@{a}", "@{b}"] }],
    appliances: [
      "aws:lb/targetGroup:TargetGroup",
      { protocol: "GENEVE", port: 6081, vpcId: "@{vpc}", healthCheck: { port: "80", protocol: "HTTP" } },
    ],
    listener: [
      "aws:lb/listener:Listener",
      { loadBalancerArn: "@{front.arn}", defaultActions: [{ type: "forward", targetGroupArn: "@{appliances.arn}" }] },
    ],
    service: [
      "aws:ec2/vpcEndpointService:VpcEndpointService",
      { acceptanceRequired: false, gatewayLoadBalancerArns: ["@{front.arn}"] },
    ],
    endpoint: [
      "aws:ec2/vpcEndpoint:VpcEndpoint",
      {
        vpcId: "@{vpc}",
        vpcEndpointType: "GatewayLoadBalancer",
        serviceName: "com.amazonaws.vpce.eu-west-1.vpce-svc-1",
        subnetIds: ["@{a}"],
      },
    ],
  },
  "services of VPC Lattice": {
    ...network,
    mesh: ["aws:vpclattice/serviceNetwork:ServiceNetwork", { authType: "AWS_IAM" }],
    orders: ["aws:vpclattice/service:Service", { authType: "AWS_IAM" }],
    targets: ["aws:vpclattice/targetGroup:TargetGroup", { type: "LAMBDA" }],
    listener: ["aws:vpclattice/listener:Listener", { serviceIdentifier: "@{orders}", protocol: "HTTPS" }],
    fn: ["aws:lambda/function:Function", { runtime: "nodejs22.x", role: "@{role.arn}" }],
    role: ["aws:iam/role:Role", { assumeRolePolicy: trust("lambda.amazonaws.com") }],
    call: [
      "aws:lambda/permission:Permission",
      {
        function: "@{fn}",
        action: "lambda:InvokeFunction",
        principal: "vpc-lattice.amazonaws.com",
        sourceArn: "@{targets.arn}",
      },
    ],
  },
  "a service of App Runner": {
    build: ["aws:iam/role:Role", { assumeRolePolicy: trust("build.apprunner.amazonaws.com") }],
    run: ["aws:iam/role:Role", { assumeRolePolicy: trust("tasks.apprunner.amazonaws.com") }],
    images: ["aws:ecr/repository:Repository"],
    web: [
      "aws:apprunner/service:Service",
      {
        sourceConfiguration: {
          authenticationConfiguration: { accessRoleArn: "@{build.arn}" },
          imageRepository: { imageRepositoryType: "ECR" },
        },
        instanceConfiguration: { instanceRoleArn: "@{run.arn}" },
      },
    ],
    link: [
      "aws:apprunner/customDomainAssociation:CustomDomainAssociation",
      { serviceArn: "@{web.arn}", domainName: "www.example.com" },
    ],
  },
  "topics of MSK, read by a function": {
    ...network,
    door: group({ ingress: [inside] }),
    logs: ["aws:cloudwatch/logGroup:LogGroup"],
    cluster: [
      "aws:msk/cluster:Cluster",
      {
        numberOfBrokerNodes: 2,
        brokerNodeGroupInfo: {
          clientSubnets: ["@{a}", "@{b}"],
          securityGroups: ["@{door}"],
          instanceType: "kafka.m5.large",
        },
        encryptionInfo: { encryptionInTransit: { clientBroker: "TLS" } },
      },
    ],
    fn: ["aws:lambda/function:Function", { runtime: "python3.13", timeout: 300 }],
    mapping: [
      "aws:lambda/eventSourceMapping:EventSourceMapping",
      { eventSourceArn: "@{cluster.arn}", functionName: "@{fn.arn}", topics: ["orders"], startingPosition: "LATEST" },
    ],
  },
  "a cluster of DocumentDB": {
    ...network,
    door: group({ ingress: [{ ...inside, fromPort: 27_017, toPort: 27_017 }] }),
    subnets: ["aws:docdb/subnetGroup:SubnetGroup", { subnetIds: ["@{a}", "@{b}"] }],
    orders: [
      "aws:docdb/cluster:Cluster",
      {
        dbSubnetGroupName: "@{subnets}",
        vpcSecurityGroupIds: ["@{door}"],
        storageEncrypted: true,
        manageMasterUserPassword: true,
      },
    ],
    one: [
      "aws:docdb/clusterInstance:ClusterInstance",
      { clusterIdentifier: "@{orders}", instanceClass: "db.r6g.large" },
    ],
  },
  "a warehouse of Redshift": {
    ...network,
    door: group({ ingress: [{ ...inside, fromPort: 5439, toPort: 5439 }] }),
    load: ["aws:iam/role:Role", { assumeRolePolicy: trust("redshift.amazonaws.com") }],
    read: [
      "aws:iam/rolePolicy:RolePolicy",
      {
        role: "@{load}",
        policy: document({ Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::loads/*" }),
      },
    ],
    subnets: ["aws:redshift/subnetGroup:SubnetGroup", { subnetIds: ["@{a}", "@{b}"] }],
    sales: [
      "aws:redshift/cluster:Cluster",
      {
        clusterIdentifier: "sales",
        nodeType: "ra3.large",
        encrypted: "true",
        publiclyAccessible: false,
        vpcSecurityGroupIds: ["@{door}"],
        iamRoles: ["@{load.arn}"],
      },
    ],
  },
  "a file system of EFS, mounted by tasks": {
    ...network,
    door: group({ ingress: [{ ...inside, fromPort: 2049, toPort: 2049 }] }),
    files: ["aws:efs/fileSystem:FileSystem", { encrypted: true }],
    mount: [
      "aws:efs/mountTarget:MountTarget",
      { fileSystemId: "@{files}", subnetId: "@{a}", securityGroups: ["@{door}"] },
    ],
    cluster: ["aws:ecs/cluster:Cluster"],
    task: [
      "aws:ecs/taskDefinition:TaskDefinition",
      {
        networkMode: "awsvpc",
        volumes: [
          { name: "files", efsVolumeConfiguration: { fileSystemId: "@{files}", transitEncryption: "ENABLED" } },
        ],
        containerDefinitions: [
          {
            name: "work",
            image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/work:1",
            logConfiguration: { logDriver: "awslogs" },
          },
        ],
      },
    ],
    work: [
      "aws:ecs/service:Service",
      {
        cluster: "@{cluster}",
        taskDefinition: "@{task.arn}",
        desiredCount: 1,
        deploymentCircuitBreaker: { enable: true, rollback: true },
        networkConfiguration: { subnets: ["@{a}"] },
      },
    ],
  },
  "a stream of Kinesis, read with a bound": {
    clicks: ["aws:kinesis/stream:Stream", { streamModeDetails: { streamMode: "ON_DEMAND" } }],
    failed: ["aws:sqs/queue:Queue"],
    fn: ["aws:lambda/function:Function", { runtime: "nodejs24.x" }],
    mapping: [
      "aws:lambda/eventSourceMapping:EventSourceMapping",
      {
        eventSourceArn: "@{clicks.arn}",
        functionName: "@{fn}",
        startingPosition: "LATEST",
        maximumRetryAttempts: 3,
        destinationConfig: { onFailure: { destinationArn: "@{failed.arn}" } },
      },
    ],
    archive: [
      "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
      {
        destination: "extended_s3",
        kinesisSourceConfiguration: { kinesisStreamArn: "@{clicks.arn}", roleArn: "@{role.arn}" },
        extendedS3Configuration: {
          bucketArn: "arn:aws:s3:::clicks",
          roleArn: "@{role.arn}",
          cloudwatchLoggingOptions: { enabled: true },
        },
      },
    ],
    role: ["aws:iam/role:Role", { assumeRolePolicy: trust("firehose.amazonaws.com") }],
  },
  "a state machine that starts tasks and waits for them": {
    role: ["aws:iam/role:Role", { assumeRolePolicy: trust("states.amazonaws.com") }],
    rights: [
      "aws:iam/rolePolicy:RolePolicy",
      {
        role: "@{role}",
        policy: document(
          { Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: ["@{fn.arn}", "@{fn.arn}:*"] },
          {
            Effect: "Allow",
            Action: ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
            Resource: "arn:aws:events:eu-west-1:123456789012:rule/StepFunctionsGetEventsForECSTaskRule",
          },
          {
            Effect: "Allow",
            Action: [
              "logs:CreateLogDelivery",
              "logs:GetLogDelivery",
              "logs:UpdateLogDelivery",
              "logs:DeleteLogDelivery",
              "logs:ListLogDeliveries",
              "logs:PutResourcePolicy",
              "logs:DescribeResourcePolicies",
              "logs:DescribeLogGroups",
            ],
            Resource: "*",
          },
          {
            Effect: "Allow",
            Action: [
              "xray:PutTraceSegments",
              "xray:PutTelemetryRecords",
              "xray:GetSamplingRules",
              "xray:GetSamplingTargets",
            ],
            Resource: "*",
          },
        ),
      },
    ],
    fn: ["aws:lambda/function:Function", { runtime: "python3.14" }],
    flow: [
      "aws:sfn/stateMachine:StateMachine",
      { roleArn: "@{role.arn}", definition: "{}", loggingConfiguration: { level: "ERROR" } },
    ],
  },
  "an API of AppSync over a table": {
    notes: ["aws:dynamodb/table:Table", { billingMode: "PAY_PER_REQUEST", hashKey: "id" }],
    users: ["aws:cognito/userPool:UserPool"],
    api: [
      "aws:appsync/graphQLApi:GraphQLApi",
      {
        authenticationType: "AMAZON_COGNITO_USER_POOLS",
        userPoolConfig: { userPoolId: "@{users}", defaultAction: "ALLOW" },
        logConfig: { fieldLogLevel: "ERROR", cloudwatchLogsRoleArn: "@{log.arn}" },
      },
    ],
    log: ["aws:iam/role:Role", { assumeRolePolicy: trust("appsync.amazonaws.com") }],
    logged: [
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      { role: "@{log}", policyArn: "arn:aws:iam::aws:policy/service-role/AWSAppSyncPushToCloudWatchLogs" },
    ],
    source: [
      "aws:appsync/dataSource:DataSource",
      { apiId: "@{api}", type: "AMAZON_DYNAMODB", dynamodbConfig: { tableName: "@{notes}" } },
    ],
  },
  "an instance of Lightsail": {
    blog: ["aws:lightsail/instance:Instance", { blueprintId: "wordpress", bundleId: "small_3_0" }],
    address: ["aws:lightsail/staticIp:StaticIp"],
    ports: [
      "aws:lightsail/instancePublicPorts:InstancePublicPorts",
      { instanceName: "@{blog}", portInfos: [{ protocol: "tcp", fromPort: 443, toPort: 443 }] },
    ],
  },
  "events from another account to a queue": {
    bus: ["aws:cloudwatch/eventBus:EventBus", { name: "orders" }],
    admitted: [
      "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
      {
        eventBusName: "@{bus}",
        policy: document({
          Effect: "Allow",
          Action: "events:PutEvents",
          Principal: { AWS: "111122223333" },
          Resource: "@{bus.arn}",
        }),
      },
    ],
    rule: ["aws:cloudwatch/eventRule:EventRule", { eventBusName: "@{bus}", eventPattern: '{"source":["shop"]}' }],
    work: ["aws:sqs/queue:Queue", { visibilityTimeoutSeconds: 60 }],
    target: ["aws:cloudwatch/eventTarget:EventTarget", { rule: "@{rule}", eventBusName: "@{bus}", arn: "@{work.arn}" }],
    rights: [
      "aws:sqs/queuePolicy:QueuePolicy",
      {
        queueUrl: "@{work}",
        policy: document({
          Effect: "Allow",
          Action: "sqs:SendMessage",
          Principal: { Service: "events.amazonaws.com" },
          Resource: "@{work.arn}",
          Condition: { ArnEquals: { "aws:SourceArn": "@{rule.arn}" } },
        }),
      },
    ],
  },
  "an API by its document": {
    fn: ["aws:lambda/function:Function", { runtime: "nodejs22.x", timeout: 10 }],
    users: ["aws:cognito/userPool:UserPool"],
    api: [
      "aws:apigateway/restApi:RestApi",
      {
        body: JSON.stringify({
          openapi: "3.0.1",
          paths: {
            "/orders": {
              post: {
                security: [{ users: [] }],
                "x-amazon-apigateway-integration": {
                  type: "aws_proxy",
                  httpMethod: "POST",
                  uri: "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:orders/invocations",
                },
              },
            },
          },
          components: {
            securitySchemes: {
              users: {
                type: "apiKey",
                name: "Authorization",
                in: "header",
                "x-amazon-apigateway-authtype": "cognito_user_pools",
                "x-amazon-apigateway-authorizer": {
                  type: "cognito_user_pools",
                  providerARNs: ["arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a"],
                },
              },
            },
          },
        }),
      },
    ],
    deployment: ["aws:apigateway/deployment:Deployment", { restApi: "@{api}" }],
    stage: ["aws:apigateway/stage:Stage", { restApi: "@{api}", deployment: "@{deployment}", stageName: "v1" }],
    call: [
      "aws:lambda/permission:Permission",
      {
        function: "@{fn}",
        action: "lambda:InvokeFunction",
        principal: "apigateway.amazonaws.com",
        sourceArn: "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/*/POST/orders",
      },
    ],
  },
  "a distribution before a private bucket and a private balancer": {
    ...network,
    site: ["aws:s3/bucket:Bucket"],
    block: [
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      {
        bucket: "@{site}",
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    ],
    access: [
      "aws:cloudfront/originAccessControl:OriginAccessControl",
      { originAccessControlOriginType: "s3", signingBehavior: "always", signingProtocol: "sigv4" },
    ],
    api: ["aws:lb/loadBalancer:LoadBalancer", { internal: true, subnets: ["@{a}", "@{b}"] }],
    listener: [
      "aws:lb/listener:Listener",
      { loadBalancerArn: "@{api.arn}", protocol: "HTTP", port: 80, defaultActions: [{ type: "fixed-response" }] },
    ],
    way: [
      "aws:cloudfront/vpcOrigin:VpcOrigin",
      {
        vpcOriginEndpointConfig: {
          name: "api",
          arn: "@{api.arn}",
          httpPort: 80,
          httpsPort: 443,
          originProtocolPolicy: "http-only",
        },
      },
    ],
    edge: [
      "aws:cloudfront/distribution:Distribution",
      {
        enabled: true,
        origins: [
          { originId: "site", domainName: "site.s3.eu-west-1.amazonaws.com", originAccessControlId: "@{access}" },
          {
            originId: "api",
            domainName: "internal-api.eu-west-1.elb.amazonaws.com",
            vpcOriginConfig: { vpcOriginId: "@{way}" },
          },
        ],
        defaultCacheBehavior: { targetOriginId: "site", viewerProtocolPolicy: "redirect-to-https" },
        orderedCacheBehaviors: [{ pathPattern: "/api/*", targetOriginId: "api", viewerProtocolPolicy: "https-only" }],
        viewerCertificate: { cloudfrontDefaultCertificate: true },
      },
    ],
    rights: [
      "aws:s3/bucketPolicy:BucketPolicy",
      {
        bucket: "@{site}",
        policy: document({
          Effect: "Allow",
          Principal: { Service: "cloudfront.amazonaws.com" },
          Action: "s3:GetObject",
          Resource: "@{site.arn}/*",
          Condition: { StringEquals: { "AWS:SourceArn": "@{edge.arn}" } },
        }),
      },
    ],
  },
  "a cluster of EKS with node groups and an identity for pods": {
    ...network,
    control: ["aws:iam/role:Role", { assumeRolePolicy: trust("eks.amazonaws.com") }],
    node: ["aws:iam/role:Role", { assumeRolePolicy: trust("ec2.amazonaws.com") }],
    "node-rights": [
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      { role: "@{node}", policyArn: "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy" },
    ],
    cluster: [
      "aws:eks/cluster:Cluster",
      {
        roleArn: "@{control.arn}",
        vpcConfig: { subnetIds: ["@{a}", "@{b}"], endpointPrivateAccess: true, publicAccessCidrs: ["198.51.100.0/24"] },
      },
    ],
    nodes: [
      "aws:eks/nodeGroup:NodeGroup",
      {
        clusterName: "@{cluster}",
        nodeRoleArn: "@{node.arn}",
        subnetIds: ["@{a}", "@{b}"],
        scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 4 },
      },
    ],
    template: [
      "aws:ec2/launchTemplate:LaunchTemplate",
      {
        metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 2 },
        blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 50, encrypted: "true" } }],
      },
    ],
    pods: [
      "aws:iam/role:Role",
      {
        assumeRolePolicy: document({
          Effect: "Allow",
          Action: ["sts:AssumeRole", "sts:TagSession"],
          Principal: { Service: "pods.eks.amazonaws.com" },
        }),
      },
    ],
    "pods-of": [
      "aws:eks/podIdentityAssociation:PodIdentityAssociation",
      { clusterName: "@{cluster}", namespace: "shop", serviceAccount: "orders", roleArn: "@{pods.arn}" },
    ],
  },
  "a bastion that Session Manager opens": {
    ...network,
    door: group({ egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: [WORLD] }] }),
    role: [
      "aws:iam/role:Role",
      {
        assumeRolePolicy: trust("ec2.amazonaws.com"),
        managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"],
      },
    ],
    profile: ["aws:iam/instanceProfile:InstanceProfile", { role: "@{role}" }],
    bastion: [
      "aws:ec2/instance:Instance",
      {
        ami: "ami-1",
        subnetId: "@{a}",
        vpcSecurityGroupIds: ["@{door}"],
        iamInstanceProfile: "@{profile}",
        metadataOptions: { httpTokens: "required" },
        rootBlockDevice: { encrypted: true },
      },
    ],
  },
};
