// Longer than 250 lines: a registry with one line per rule, read from top to bottom.
import type { Rule } from "../core/rule";
import { certificateKeySize } from "./acm/certificate-key-size";
import { domainTls } from "./apigateway/domain-tls";
import { integrationHost } from "./apigateway/integration-host";
import { methodApiKey } from "./apigateway/method-api-key";
import { methodSettingsCache } from "./apigateway/method-settings-cache";
import { methodSettingsLogging } from "./apigateway/method-settings-logging";
import { methodSettingsThrottle } from "./apigateway/method-settings-throttle";
import { methodValidator } from "./apigateway/method-validator";
import { routeAuthorised } from "./apigateway/route-authorised";
import { stageAccessLogs } from "./apigateway/stage-access-logs";
import { stageThrottle } from "./apigateway/stage-throttle";
import { stageTracing } from "./apigateway/stage-tracing";
import { stageWaf } from "./apigateway/stage-waf";
import { usagePlanThrottle } from "./apigateway/usage-plan-throttle";
import { groupElbHealth } from "./autoscaling/group-elb-health";
import { groupImage } from "./autoscaling/group-image";
import { groupLaunchTemplate } from "./autoscaling/group-launch-template";
import { groupNotifications } from "./autoscaling/group-notifications";
import { groupSeveralTypes } from "./autoscaling/group-several-types";
import { alarmPerCut } from "./availability/alarm-per-cut";
import { attempts } from "./availability/attempts";
import { auroraInstances } from "./availability/aurora-instances";
import { authorizerLimits } from "./availability/authorizer-limits";
import { availabilityTarget } from "./availability/availability-target";
import { beanstalkDeployment } from "./availability/beanstalk-deployment";
import { bootTime } from "./availability/boot-time";
import { cacheReplicas } from "./availability/cache-replicas";
import { concurrencySum } from "./availability/concurrency-sum";
import { crossZone } from "./availability/cross-zone";
import { desiredPerZone } from "./availability/desired-per-zone";
import { drainOrder } from "./availability/drain-order";
import { endpointZones } from "./availability/endpoint-zones";
import { executeApiClosed } from "./availability/execute-api-closed";
import { failoverDataPlane } from "./availability/failover-data-plane";
import { failoverPair } from "./availability/failover-pair";
import { failoverTime } from "./availability/failover-time";
import { freeAddresses } from "./availability/free-addresses";
import { groupMaintenance } from "./availability/group-maintenance";
import { groupProcesses } from "./availability/group-processes";
import { groupRefresh } from "./availability/group-refresh";
import { healthCheckName } from "./availability/health-check-name";
import { healthCheckSettings } from "./availability/health-check-settings";
import { healthCheckTiming } from "./availability/health-check-timing";
import { idempotentRetries } from "./availability/idempotent-retries";
import { insufficientData } from "./availability/insufficient-data";
import { keepAliveOrder } from "./availability/keep-alive-order";
import { minimumCapacity } from "./availability/minimum-capacity";
import { natPerZone } from "./availability/nat-per-zone";
import { nestedTimeouts } from "./availability/nested-timeouts";
import { nestedZones } from "./availability/nested-zones";
import { noForeignRegion } from "./availability/no-foreign-region";
import { nonBlockingLogs } from "./availability/non-blocking-logs";
import { primaryHealthCheck } from "./availability/primary-health-check";
import { quotaHeadroom } from "./availability/quota-headroom";
import { recordTtl } from "./availability/record-ttl";
import { regionParity } from "./availability/region-parity";
import { regionalDomain } from "./availability/regional-domain";
import { regionsApart } from "./availability/regions-apart";
import { requestPathEndpoints } from "./availability/request-path-endpoints";
import { scalingPolicy } from "./availability/scaling-policy";
import { scalingRoom } from "./availability/scaling-room";
import { searchOffPath } from "./availability/search-off-path";
import { serviceCircuitBreaker } from "./availability/service-circuit-breaker";
import { serviceDeployment } from "./availability/service-deployment";
import { shallowHealthPath } from "./availability/shallow-health-path";
import { signInOffPath } from "./availability/sign-in-off-path";
import { signInRegion } from "./availability/sign-in-region";
import { statefulProtected } from "./availability/stateful-protected";
import { tableReplicas } from "./availability/table-replicas";
import { targetGroupMinimum } from "./availability/target-group-minimum";
import { throttleCapacity } from "./availability/throttle-capacity";
import { zonalAutoshift } from "./availability/zonal-autoshift";
import { zonalShift } from "./availability/zonal-shift";
import { zones } from "./availability/zones";
import { distributionHttps } from "./cloudfront/distribution-https";
import { distributionLogging } from "./cloudfront/distribution-logging";
import { distributionOriginAccess } from "./cloudfront/distribution-origin-access";
import { distributionOriginGroup } from "./cloudfront/distribution-origin-group";
import { distributionRootObject } from "./cloudfront/distribution-root-object";
import { distributionSecurityHeaders } from "./cloudfront/distribution-security-headers";
import { distributionTls } from "./cloudfront/distribution-tls";
import { distributionWaf } from "./cloudfront/distribution-waf";
import { alarmActions } from "./cloudwatch/alarm-actions";
import { alarmMissingData } from "./cloudwatch/alarm-missing-data";
import { logGroupKey } from "./cloudwatch/log-group-key";
import { logGroupRetention } from "./cloudwatch/log-group-retention";
import { clientAuthFlows } from "./cognito/client-auth-flows";
import { clientHidesUsers } from "./cognito/client-hides-users";
import { clientNoImplicitGrant } from "./cognito/client-no-implicit-grant";
import { clientRevocation } from "./cognito/client-revocation";
import { clientTenantAttribute } from "./cognito/client-tenant-attribute";
import { clientTokenUnits } from "./cognito/client-token-units";
import { identityPoolNoGuests } from "./cognito/identity-pool-no-guests";
import { userPoolDeletionProtection } from "./cognito/user-pool-deletion-protection";
import { userPoolMfa } from "./cognito/user-pool-mfa";
import { userPoolPasswordPolicy } from "./cognito/user-pool-password-policy";
import { userPoolSchema } from "./cognito/user-pool-schema";
import { userPoolThreatProtection } from "./cognito/user-pool-threat-protection";
import { userPoolTier } from "./cognito/user-pool-tier";
import { tableCapacity } from "./dynamodb/table-capacity";
import { tableCustomerKey } from "./dynamodb/table-customer-key";
import { tableDeletionProtection } from "./dynamodb/table-deletion-protection";
import { tableRecovery } from "./dynamodb/table-recovery";
import { defaultSecurityGroupClosed } from "./ec2/default-security-group-closed";
import { imageReleaseAge } from "./ec2/image-release-age";
import { launchTemplateEncrypted } from "./ec2/launch-template-encrypted";
import { launchTemplateImds } from "./ec2/launch-template-imds";
import { launchTemplateNoPublicIp } from "./ec2/launch-template-no-public-ip";
import { launchTemplateNoSecret } from "./ec2/launch-template-no-secret";
import { networkAclWorld } from "./ec2/network-acl-world";
import { routeTableInternetGateway } from "./ec2/route-table-internet-gateway";
import { securityGroupAttached } from "./ec2/security-group-attached";
import { securityGroupClosedEgress } from "./ec2/security-group-closed-egress";
import { securityGroupDescribed } from "./ec2/security-group-described";
import { securityGroupEgress } from "./ec2/security-group-egress";
import { securityGroupPublicEdge } from "./ec2/security-group-public-edge";
import { securityGroupWorldIngress } from "./ec2/security-group-world-ingress";
import { subnetNoPublicIp } from "./ec2/subnet-no-public-ip";
import { vpcDefaultSecurityGroup } from "./ec2/vpc-default-security-group";
import { vpcEndpoints } from "./ec2/vpc-endpoints";
import { vpcFlowLog } from "./ec2/vpc-flow-log";
import { repositoryImmutable } from "./ecr/repository-immutable";
import { repositoryLifecycle } from "./ecr/repository-lifecycle";
import { repositoryPrivate } from "./ecr/repository-private";
import { repositoryScan } from "./ecr/repository-scan";
import { capacityProviderWeight } from "./ecs/capacity-provider-weight";
import { clusterContainerInsights } from "./ecs/cluster-container-insights";
import { clusterExecLogged } from "./ecs/cluster-exec-logged";
import { serviceNoPublicIp } from "./ecs/service-no-public-ip";
import { servicePlatformLatest } from "./ecs/service-platform-latest";
import { taskLogs } from "./ecs/task-logs";
import { taskNoPlainSecret } from "./ecs/task-no-plain-secret";
import { taskNotPrivileged } from "./ecs/task-not-privileged";
import { taskReadOnlyRoot } from "./ecs/task-read-only-root";
import { taskRolesApart } from "./ecs/task-roles-apart";
import { replicationGroupAtRest } from "./elasticache/replication-group-at-rest";
import { replicationGroupAuth } from "./elasticache/replication-group-auth";
import { replicationGroupFailover } from "./elasticache/replication-group-failover";
import { replicationGroupSnapshots } from "./elasticache/replication-group-snapshots";
import { replicationGroupTransit } from "./elasticache/replication-group-transit";
import { replicationGroupUpdates } from "./elasticache/replication-group-updates";
import { environmentEnhancedHealth } from "./elasticbeanstalk/environment-enhanced-health";
import { environmentInVpc } from "./elasticbeanstalk/environment-in-vpc";
import { environmentLogs } from "./elasticbeanstalk/environment-logs";
import { environmentManagedUpdates } from "./elasticbeanstalk/environment-managed-updates";
import { environmentPinned } from "./elasticbeanstalk/environment-pinned";
import { environmentPlatform } from "./elasticbeanstalk/environment-platform";
import { environmentSharedBalancer } from "./elasticbeanstalk/environment-shared-balancer";
import { noAdministrator } from "./iam/no-administrator";
import { noServiceWildcard } from "./iam/no-service-wildcard";
import { noWildcardResource } from "./iam/no-wildcard-resource";
import { roleTrust } from "./iam/role-trust";
import { firehoseEncrypted } from "./kinesis/firehose-encrypted";
import { keyNotPublic } from "./kms/key-not-public";
import { keyRotation } from "./kms/key-rotation";
import { functionNoPlainSecret } from "./lambda/function-no-plain-secret";
import { functionReservedConcurrency } from "./lambda/function-reserved-concurrency";
import { functionRuntime } from "./lambda/function-runtime";
import { functionTracing } from "./lambda/function-tracing";
import { functionUrlAuth } from "./lambda/function-url-auth";
import { permissionNotPublic } from "./lambda/permission-not-public";
import { permissionSource } from "./lambda/permission-source";
import { listenerEncrypted } from "./lb/listener-encrypted";
import { listenerTlsPolicy } from "./lb/listener-tls-policy";
import { loadBalancerAccessLogs } from "./lb/load-balancer-access-logs";
import { loadBalancerDeletionProtection } from "./lb/load-balancer-deletion-protection";
import { loadBalancerDesync } from "./lb/load-balancer-desync";
import { loadBalancerInternal } from "./lb/load-balancer-internal";
import { loadBalancerInvalidHeaders } from "./lb/load-balancer-invalid-headers";
import { loadBalancerWaf } from "./lb/load-balancer-waf";
import { targetGroupHealthCheck } from "./lb/target-group-health-check";
import { domainAtRest } from "./opensearch/domain-at-rest";
import { domainFineGrained } from "./opensearch/domain-fine-grained";
import { domainHttps } from "./opensearch/domain-https";
import { domainInVpc } from "./opensearch/domain-in-vpc";
import { domainLogs } from "./opensearch/domain-logs";
import { domainNodeToNode } from "./opensearch/domain-node-to-node";
import { domainNodes } from "./opensearch/domain-nodes";
import { clusterBackup } from "./rds/cluster-backup";
import { clusterDeletionProtection } from "./rds/cluster-deletion-protection";
import { clusterEncrypted } from "./rds/cluster-encrypted";
import { clusterFinalSnapshot } from "./rds/cluster-final-snapshot";
import { clusterIamAuth } from "./rds/cluster-iam-auth";
import { clusterLogs } from "./rds/cluster-logs";
import { clusterPort } from "./rds/cluster-port";
import { instanceNotPublic } from "./rds/instance-not-public";
import { zoneDnssec } from "./route53/zone-dnssec";
import { zoneQueryLog } from "./route53/zone-query-log";
import { bucketOwnerEnforced } from "./s3/bucket-owner-enforced";
import { bucketPolicyNotPublic } from "./s3/bucket-policy-not-public";
import { bucketPublicAccess } from "./s3/bucket-public-access";
import { bucketTls } from "./s3/bucket-tls";
import { bucketVersioned } from "./s3/bucket-versioned";
import { secretRotation } from "./secretsmanager/secret-rotation";
import { discoveryCustomHealth } from "./servicediscovery/discovery-custom-health";
import { topicEncrypted } from "./sns/topic-encrypted";
import { topicNotPublic } from "./sns/topic-not-public";
import { topicTls } from "./sns/topic-tls";
import { queueDeadLetters } from "./sqs/queue-dead-letters";
import { queueEncrypted } from "./sqs/queue-encrypted";
import { queueNotPublic } from "./sqs/queue-not-public";
import { queueTls } from "./sqs/queue-tls";
import { resourceTags } from "./tags/resource-tags";
import { webAclLogging } from "./wafv2/web-acl-logging";
import { webAclMetrics } from "./wafv2/web-acl-metrics";
import { webAclRules } from "./wafv2/web-acl-rules";

/** Every rule of the pack. */
export const rules: readonly Rule[] = [
  certificateKeySize,
  domainTls,
  integrationHost,
  methodApiKey,
  methodSettingsCache,
  methodSettingsLogging,
  methodSettingsThrottle,
  methodValidator,
  routeAuthorised,
  stageAccessLogs,
  stageThrottle,
  stageTracing,
  stageWaf,
  usagePlanThrottle,
  groupElbHealth,
  groupImage,
  groupLaunchTemplate,
  groupNotifications,
  groupSeveralTypes,
  alarmPerCut,
  attempts,
  auroraInstances,
  authorizerLimits,
  availabilityTarget,
  beanstalkDeployment,
  bootTime,
  cacheReplicas,
  concurrencySum,
  crossZone,
  desiredPerZone,
  drainOrder,
  endpointZones,
  executeApiClosed,
  failoverDataPlane,
  failoverPair,
  failoverTime,
  freeAddresses,
  groupMaintenance,
  groupProcesses,
  groupRefresh,
  healthCheckName,
  healthCheckSettings,
  healthCheckTiming,
  idempotentRetries,
  insufficientData,
  keepAliveOrder,
  minimumCapacity,
  natPerZone,
  nestedTimeouts,
  nestedZones,
  noForeignRegion,
  nonBlockingLogs,
  primaryHealthCheck,
  quotaHeadroom,
  recordTtl,
  regionParity,
  regionalDomain,
  regionsApart,
  requestPathEndpoints,
  scalingPolicy,
  scalingRoom,
  searchOffPath,
  serviceCircuitBreaker,
  serviceDeployment,
  shallowHealthPath,
  signInOffPath,
  signInRegion,
  statefulProtected,
  tableReplicas,
  targetGroupMinimum,
  throttleCapacity,
  zonalAutoshift,
  zonalShift,
  zones,
  distributionHttps,
  distributionLogging,
  distributionOriginAccess,
  distributionOriginGroup,
  distributionRootObject,
  distributionSecurityHeaders,
  distributionTls,
  distributionWaf,
  alarmActions,
  alarmMissingData,
  logGroupKey,
  logGroupRetention,
  clientAuthFlows,
  clientHidesUsers,
  clientNoImplicitGrant,
  clientRevocation,
  clientTenantAttribute,
  clientTokenUnits,
  identityPoolNoGuests,
  userPoolDeletionProtection,
  userPoolMfa,
  userPoolPasswordPolicy,
  userPoolSchema,
  userPoolThreatProtection,
  userPoolTier,
  tableCapacity,
  tableCustomerKey,
  tableDeletionProtection,
  tableRecovery,
  defaultSecurityGroupClosed,
  imageReleaseAge,
  launchTemplateEncrypted,
  launchTemplateImds,
  launchTemplateNoPublicIp,
  launchTemplateNoSecret,
  networkAclWorld,
  routeTableInternetGateway,
  securityGroupAttached,
  securityGroupClosedEgress,
  securityGroupDescribed,
  securityGroupEgress,
  securityGroupPublicEdge,
  securityGroupWorldIngress,
  subnetNoPublicIp,
  vpcDefaultSecurityGroup,
  vpcEndpoints,
  vpcFlowLog,
  repositoryImmutable,
  repositoryLifecycle,
  repositoryPrivate,
  repositoryScan,
  capacityProviderWeight,
  clusterContainerInsights,
  clusterExecLogged,
  serviceNoPublicIp,
  servicePlatformLatest,
  taskLogs,
  taskNoPlainSecret,
  taskNotPrivileged,
  taskReadOnlyRoot,
  taskRolesApart,
  replicationGroupAtRest,
  replicationGroupAuth,
  replicationGroupFailover,
  replicationGroupSnapshots,
  replicationGroupTransit,
  replicationGroupUpdates,
  environmentEnhancedHealth,
  environmentInVpc,
  environmentLogs,
  environmentManagedUpdates,
  environmentPinned,
  environmentPlatform,
  environmentSharedBalancer,
  noAdministrator,
  noServiceWildcard,
  noWildcardResource,
  roleTrust,
  firehoseEncrypted,
  keyNotPublic,
  keyRotation,
  functionNoPlainSecret,
  functionReservedConcurrency,
  functionRuntime,
  functionTracing,
  functionUrlAuth,
  permissionNotPublic,
  permissionSource,
  listenerEncrypted,
  listenerTlsPolicy,
  loadBalancerAccessLogs,
  loadBalancerDeletionProtection,
  loadBalancerDesync,
  loadBalancerInternal,
  loadBalancerInvalidHeaders,
  loadBalancerWaf,
  targetGroupHealthCheck,
  domainAtRest,
  domainFineGrained,
  domainHttps,
  domainInVpc,
  domainLogs,
  domainNodeToNode,
  domainNodes,
  clusterBackup,
  clusterDeletionProtection,
  clusterEncrypted,
  clusterFinalSnapshot,
  clusterIamAuth,
  clusterLogs,
  clusterPort,
  instanceNotPublic,
  zoneDnssec,
  zoneQueryLog,
  bucketOwnerEnforced,
  bucketPolicyNotPublic,
  bucketPublicAccess,
  bucketTls,
  bucketVersioned,
  secretRotation,
  discoveryCustomHealth,
  topicEncrypted,
  topicNotPublic,
  topicTls,
  queueDeadLetters,
  queueEncrypted,
  queueNotPublic,
  queueTls,
  resourceTags,
  webAclLogging,
  webAclMetrics,
  webAclRules,
];
