import { type Break, DELETE, DROP, REMOVE } from "./edit";

export type Breaks = Readonly<Record<string, Readonly<Record<string, readonly Break[]>>>>;

const off = [false, REMOVE];
const WORLD = "0.0.0.0/0";
/** The same text about the other region. */
const otherRegion = (value: unknown) => {
  const text = String(value);
  const swapped = text.replace(/(?<![\w-])eu-(west|central)-1(?![\w-])/g, (_, side) =>
    side === "west" ? "eu-central-1" : "eu-west-1",
  );
  return swapped === text ? undefined : swapped;
};
const tags = { "tags.environment": [REMOVE], "tags.managed-by": [REMOVE], "tags.project": [REMOVE] };
/** `dynamodb:GetItem` becomes `dynamodb:*`. */
const wholeService = (actions: string[]) =>
  String(actions[0]).startsWith("ssmmessages:") ? undefined : [`${String(actions[0]).split(":")[0]}:*`];
const anywhere = (resource: unknown) => (resource === "*" ? undefined : "*");
/** Base64 of user data, with one line changed. */
const inUserData = (pattern: RegExp, to: string) => (value: string) => {
  const text = Buffer.from(value, "base64").toString();
  return Buffer.from(text.replace(pattern, to)).toString("base64");
};
const least = (value: unknown) => (Number(value) > 0 ? 0 : undefined);
const tooBig = (value: unknown) => (typeof value === "number" ? 10_000 : undefined);

/** Network, balancing and names. */
export const networkBreaks: Breaks = {
  "awsx:ec2:Vpc": {
    availabilityZoneNames: [DROP],
    "natGateways.strategy": ["Single"],
    "subnetSpecs.1.cidrBlocks": [["10.0.0.0/28", "10.0.0.16/28", "10.0.0.32/28"]],
  },
  "aws:cloudfront/distribution:Distribution": {
    "defaultCacheBehavior.viewerProtocolPolicy": ["allow-all"],
    "defaultCacheBehavior.responseHeadersPolicyId": [REMOVE],
    "defaultCacheBehavior.targetOriginId": [(_, { inputs }) => inputs["origins"][0].originId],
    "orderedCacheBehaviors.*.viewerProtocolPolicy": ["allow-all"],
    "orderedCacheBehaviors.*.responseHeadersPolicyId": [REMOVE],
    "origins.*.originAccessControlId": [REMOVE],
    "originGroups.0.members": [DROP],
    "originGroups.0.failoverCriteria.statusCodes.0": [500],
    "origins.0.connectionAttempts": [3],
    "origins.0.connectionTimeout": [10],
    viewerCertificate: [{ cloudfrontDefaultCertificate: true }],
    "viewerCertificate.minimumProtocolVersion": ["TLSv1"],
    "viewerCertificate.sslSupportMethod": ["vip"],
  },
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": {
    "securityHeadersConfig.contentSecurityPolicy.contentSecurityPolicy": [
      (policy) => String(policy).replace("script-src", "script-src 'unsafe-inline'"),
    ],
    "securityHeadersConfig.strictTransportSecurity.accessControlMaxAgeSec": [60],
  },
  "aws:cloudwatch/logDeliverySource:LogDeliverySource": { [DELETE]: [REMOVE] },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    [DELETE]: [REMOVE],
    ingress: [[{ protocol: "-1", self: true }]],
    egress: [[{ protocol: "-1", cidrBlocks: [WORLD] }]],
  },
  "aws:ec2/flowLog:FlowLog": { [DELETE]: [REMOVE] },
  "aws:ec2/networkAcl:NetworkAcl": {
    "ingress.0": [
      { action: "allow", protocol: "-1", cidrBlock: WORLD, fromPort: 0, toPort: 0, ruleNo: 100 },
      { action: "allow", protocol: "tcp", cidrBlock: WORLD, fromPort: 22, toPort: 22, ruleNo: 100 },
    ],
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    ingress: [[{ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: [WORLD], description: "Shells" }]],
    egress: [[{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: [WORLD], description: "Out" }]],
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    cidrIpv4: [WORLD],
    cidrIpv6: ["::/0"],
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": { cidrIpv4: [WORLD] },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    [DELETE]: [REMOVE],
    subnetIds: [(value) => (value === undefined ? undefined : DROP)],
  },
  "aws:lb/loadBalancer:LoadBalancer": {
    [DELETE]: [REMOVE],
    "accessLogs.enabled": off,
    accessLogs: [REMOVE],
    desyncMitigationMode: ["monitor"],
    dropInvalidHeaderFields: off,
    enableDeletionProtection: off,
    enableZonalShift: off,
    idleTimeout: [1, 4000],
    internal: off,
    subnets: [DROP],
    ...tags,
  },
  "aws:lb/listener:Listener": { [DELETE]: [REMOVE] },
  "aws:lb/targetGroup:TargetGroup": {
    [DELETE]: [REMOVE],
    deregistrationDelay: ["0", 0],
    healthCheck: [REMOVE],
    "healthCheck.enabled": [false],
    "healthCheck.healthyThreshold": [10],
    "healthCheck.interval": [60, 5],
    "healthCheck.path": [REMOVE, "/orders"],
    "healthCheck.timeout": [60],
    "healthCheck.unhealthyThreshold": [10],
    targetGroupHealth: [REMOVE],
    "targetGroupHealth.dnsFailover": [REMOVE],
    "targetGroupHealth.dnsFailover.minimumHealthyTargetsCount": ["1", REMOVE],
    "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsCount": [1, REMOVE],
    loadBalancingCrossZoneEnabled: ["false"],
  },
  "aws:route53/healthCheck:HealthCheck": {
    childHealthThreshold: [(value) => (value === undefined ? undefined : 0)],
    disabled: [true],
    enableSni: [(value) => (value === undefined ? undefined : false)],
    failureThreshold: [(value) => (value === undefined ? undefined : 10)],
    fqdn: [(value) => (value === undefined ? undefined : "api.example.com")],
    invertHealthcheck: [true],
    requestInterval: [(value) => (value === undefined ? undefined : 30)],
    type: [(value) => (value === "HTTPS" ? "HTTP" : undefined), (value) => (value === "HTTPS" ? "TCP" : undefined)],
    regions: [(_, { inputs }) => (inputs["type"] === "HTTPS" ? ["us-east-1"] : undefined)],
  },
  "aws:route53/record:Record": {
    [DELETE]: [REMOVE],
    "failoverRoutingPolicies.0.type": [
      (value) => (value === "PRIMARY" ? "SECONDARY" : value === "SECONDARY" ? "PRIMARY" : undefined),
    ],
    healthCheckId: [
      (_, { inputs }) => (inputs["failoverRoutingPolicies"]?.[0]?.type === "PRIMARY" ? REMOVE : undefined),
    ],
    "aliases.0.name": [(value, { inputs }) => (inputs["failoverRoutingPolicies"] ? otherRegion(value) : undefined)],
    name: [(value, { inputs }) => (inputs["aliases"] ? `other.${value}` : undefined)],
    setIdentifier: [(value) => (value === undefined ? undefined : otherRegion(value))],
    weightedRoutingPolicies: [[{ weight: 0 }]],
  },
  "aws:route53/zone:Zone": {
    // A private zone cannot have it.
    enableAcceleratedRecovery: [(value: unknown) => (value === true ? false : undefined)],
    forceDestroy: [true],
  },
  "aws:acm/certificate:Certificate": { keyAlgorithm: ["RSA_1024"], validationMethod: ["EMAIL"] },
};

/** Servers, tasks and functions. */
export const computeBreaks: Breaks = {
  "aws:autoscaling/group:Group": {
    [DELETE]: [REMOVE],
    defaultInstanceWarmup: [0],
    healthCheckGracePeriod: [0],
    healthCheckType: ["EC2", REMOVE],
    instanceMaintenancePolicy: [REMOVE],
    "instanceMaintenancePolicy.minHealthyPercentage": [50, REMOVE],
    instanceRefresh: [REMOVE],
    "instanceRefresh.preferences.minHealthyPercentage": [50, REMOVE],
    maxSize: [3],
    minSize: [0, 1, 2],
    mixedInstancesPolicy: [REMOVE],
    "mixedInstancesPolicy.launchTemplate.overrides": [(value) => value.slice(0, 1)],
    suspendedProcesses: [["AZRebalance"], ["Launch"], ["HealthCheck"], ["ReplaceUnhealthy"]],
    targetGroupArns: [REMOVE],
    vpcZoneIdentifiers: [DROP],
  },
  "aws:autoscaling/policy:Policy": {
    [DELETE]: [REMOVE],
    "targetTrackingConfiguration.targetValue": [
      (value, { inputs }) => (/CPU/.test(JSON.stringify(inputs)) && value < 90 ? 90 : undefined),
    ],
  },
  "aws:appautoscaling/policy:Policy": {
    [DELETE]: [REMOVE],
    "targetTrackingScalingPolicyConfiguration.targetValue": [
      (value, { inputs }) => (/Average(CPU|Memory)/.test(JSON.stringify(inputs)) && value < 90 ? 90 : undefined),
    ],
  },
  "aws:appautoscaling/target:Target": {
    [DELETE]: [REMOVE],
    minCapacity: [
      (value, { inputs }) => (inputs["serviceNamespace"] === "ecs" ? least(value) : undefined),
      (_, { inputs }) => (inputs["serviceNamespace"] === "ecs" ? 1 : undefined),
    ],
    maxCapacity: [(_, { inputs }) => (inputs["serviceNamespace"] === "ecs" ? 3 : undefined)],
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    [DELETE]: [REMOVE],
    blockDeviceMappings: [REMOVE],
    "blockDeviceMappings.0.ebs.encrypted": ["false", REMOVE],
    "metadataOptions.httpTokens": ["optional", REMOVE],
    "metadataOptions.httpPutResponseHopLimit": [2, 64],
    "networkInterfaces.0.associatePublicIpAddress": ["true"],
    "tags.image-release": ["2023.8.20250818.0"],
    userData: [
      inUserData(/KEEP_ALIVE_SECONDS=\d+/, "KEEP_ALIVE_SECONDS=5"),
      inUserData(/REQUEST_TIMEOUT_SECONDS=\d+/, "REQUEST_TIMEOUT_SECONDS=100"),
      inUserData(/DRAIN_SECONDS=\d+/, "DRAIN_SECONDS=1"),
      inUserData(/LOG_LEVEL=\w+/, "DB_PASSWORD=hunter2"),
      inUserData(/LOG_LEVEL=\w+/, "QUEUE=sqs.us-east-1.amazonaws.com"),
      inUserData(/LOG_LEVEL=\w+/, "MAX_ATTEMPTS=5"),
    ],
  },
  "aws:ecr/repository:Repository": {
    forceDelete: [true],
    "imageScanningConfiguration.scanOnPush": off,
    imageTagMutability: ["MUTABLE", REMOVE],
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": { [DELETE]: [REMOVE] },
  "aws:ecs/cluster:Cluster": {
    "configuration.executeCommandConfiguration.logging": ["NONE"],
    "settings.0.value": ["disabled"],
    settings: [REMOVE],
  },
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": {
    "defaultCapacityProviderStrategies.0.weight": [0],
  },
  "aws:ecs/service:Service": {
    [DELETE]: [REMOVE],
    capacityProviderStrategies: [[{ capacityProvider: "FARGATE_SPOT", weight: 1 }]],
    "capacityProviderStrategies.0.weight": [0],
    availabilityZoneRebalancing: ["DISABLED"],
    deploymentCircuitBreaker: [REMOVE],
    "deploymentCircuitBreaker.enable": off,
    "deploymentCircuitBreaker.rollback": off,
    deploymentMaximumPercent: [100],
    deploymentMinimumHealthyPercent: [50, 0],
    desiredCount: [0, 1, REMOVE],
    "networkConfiguration.assignPublicIp": [true],
    "networkConfiguration.subnets": [DROP],
    platformVersion: ["1.3.0"],
    ...tags,
  },
  "aws:ecs/taskDefinition:TaskDefinition": {
    networkMode: ["host"],
    pidMode: ["host"],
    executionRoleArn: [(_, { inputs }) => inputs["taskRoleArn"]],
    "containerDefinitions#0.readonlyRootFilesystem": off,
    "containerDefinitions#0.privileged": [true],
    "containerDefinitions#0.logConfiguration": [REMOVE],
    "containerDefinitions#0.image": ["nginx"],
    "containerDefinitions#0.logConfiguration.options.mode": ["blocking"],
    "containerDefinitions#0.stopTimeout": [2],
    "containerDefinitions#0.healthCheck.interval": [60],
    "containerDefinitions#0.healthCheck.timeout": [60],
    "containerDefinitions#0.healthCheck.retries": [10],
    "containerDefinitions#0.healthCheck.startPeriod": [0, REMOVE],
    "containerDefinitions#0.environment.REQUEST_TIMEOUT_SECONDS.value": ["100"],
    "containerDefinitions#0.environment.DRAIN_SECONDS.value": ["1", "100"],
    "containerDefinitions#0.environment.AWS_REGION.value": ["us-east-1"],
    "containerDefinitions#0.environment.LOG_LEVEL": [
      { name: "API_TOKEN", value: "0123" },
      { name: "MAX_ATTEMPTS", value: "5" },
    ],
  },
  "aws:lambda/function:Function": {
    [DELETE]: [REMOVE],
    "environment.variables.REQUEST_TIMEOUT_SECONDS": [(value) => (value === undefined ? undefined : "100")],
    "environment.variables.API_KEY": ["0123"],
    "environment.variables.MAX_ATTEMPTS": ["5"],
    "environment.variables.QUEUE": ["https://sqs.us-east-1.amazonaws.com/123456789012/orders"],
    reservedConcurrentExecutions: [0, REMOVE, 1000],
    runtime: ["nodejs16.x"],
    timeout: [
      (_value, { name }) => (name.endsWith("releaser") ? undefined : 1),
      (_value, { name }) => (name.endsWith("releaser") ? undefined : 300),
    ],
    // No request waits for the reader of streams.
    "tracingConfig.mode": [
      (value, { name }) => (value === "Active" && !name.endsWith("messaging-reader") ? "PassThrough" : undefined),
    ],
    "vpcConfig.subnetIds": [(value) => (value === undefined ? undefined : DROP)],
    ...tags,
  },
  "aws:lambda/permission:Permission": { principal: ["*"], sourceArn: [REMOVE] },
};

export const tools = { otherRegion, wholeService, anywhere, tooBig, off, tags };
