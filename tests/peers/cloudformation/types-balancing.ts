import { absent, attribute, computed, type Field, type MappingTable, pairs, type } from "./mapping";

const waits = absent("how long the provider waits");
const dimensions = computed("Dimensions", (map) => pairs(map, "Name"));

const healthCheck = {
  enabled: "HealthCheckEnabled",
  healthyThreshold: "HealthyThresholdCount",
  interval: "HealthCheckIntervalSeconds",
  matcher: "Matcher.HttpCode",
  path: "HealthCheckPath",
  port: "HealthCheckPort",
  protocol: "HealthCheckProtocol",
  timeout: "HealthCheckTimeoutSeconds",
  unhealthyThreshold: "UnhealthyThresholdCount",
};
const health = (part: string, kind: string): Record<string, Field> => ({
  [`targetGroupHealth.${part}`]: "",
  [`targetGroupHealth.${part}.minimumHealthyTargetsCount`]: attribute(
    `target_group_health.${kind}.minimum_healthy_targets.count`,
  ),
});

/** Balancers, scaling and alarms. */
export const balancingMappings: MappingTable = {
  "aws:appautoscaling/policy:Policy": type(
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    {},
    {
      ref: "arn",
      attributes: {},
      finish: (properties, { outputs }) => ({ PolicyName: outputs["name"], ...properties }),
    },
  ),
  "aws:appautoscaling/target:Target": type("AWS::ApplicationAutoScaling::ScalableTarget"),
  "aws:autoscaling/group:Group": type(
    "AWS::AutoScaling::AutoScalingGroup",
    {
      desiredCapacity: computed("DesiredCapacity", String),
      enabledMetrics: computed("MetricsCollection", (Metrics) => [{ Granularity: "1Minute", Metrics }]),
      instanceRefresh: absent("CloudFormation replaces instances by an update policy of the stack, not of the group"),
      "launchTemplate.id": "LaunchTemplateId",
      "launchTemplate.name": "LaunchTemplateName",
      maxSize: computed("MaxSize", String),
      minElbCapacity: waits,
      minSize: computed("MinSize", String),
      tags: "Tags",
      targetGroupArns: "TargetGroupARNs",
      vpcZoneIdentifiers: "VPCZoneIdentifier",
      waitForCapacityTimeout: waits,
    },
    { attributes: {} },
  ),
  "aws:autoscaling/policy:Policy": type(
    "AWS::AutoScaling::ScalingPolicy",
    { autoscalingGroupName: "AutoScalingGroupName" },
    { ref: "arn", attributes: { name: "PolicyName" } },
  ),
  "aws:cloudwatch/logGroup:LogGroup": type("AWS::Logs::LogGroup", { name: "LogGroupName" }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": type("AWS::CloudWatch::Alarm", {
    dimensions,
    metricQueries: "Metrics",
    "metricQueries.metric": "MetricStat",
    "metricQueries.metric.dimensions": computed("Metric.Dimensions", (map) => pairs(map, "Name")),
    "metricQueries.metric.metricName": "Metric.MetricName",
    "metricQueries.metric.namespace": "Metric.Namespace",
    okActions: "OKActions",
  }),
  "aws:lb/listener:Listener": type(
    "AWS::ElasticLoadBalancingV2::Listener",
    {
      certificateArn: computed("Certificates", (CertificateArn) => [{ CertificateArn }]),
      "defaultActions.fixedResponse": "FixedResponseConfig",
    },
    { ref: "arn", attributes: {} },
  ),
  "aws:lb/loadBalancer:LoadBalancer": type(
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    {
      accessLogs: "",
      "accessLogs.bucket": attribute("access_logs.s3.bucket"),
      "accessLogs.enabled": attribute("access_logs.s3.enabled"),
      "accessLogs.prefix": attribute("access_logs.s3.prefix"),
      desyncMitigationMode: attribute("routing.http.desync_mitigation_mode"),
      dropInvalidHeaderFields: attribute("routing.http.drop_invalid_header_fields.enabled"),
      enableCrossZoneLoadBalancing: attribute("load_balancing.cross_zone.enabled"),
      enableDeletionProtection: attribute("deletion_protection.enabled"),
      enableZonalShift: attribute("zonal_shift.config.enabled"),
      idleTimeout: attribute("idle_timeout.timeout_seconds"),
      internal: computed("Scheme", (internal) => (internal ? "internal" : "internet-facing")),
      loadBalancerType: "Type",
    },
    {
      attributeList: "LoadBalancerAttributes",
      ref: "arn",
      attributes: {
        arnSuffix: "LoadBalancerFullName",
        dnsName: "DNSName",
        name: "LoadBalancerName",
        zoneId: "CanonicalHostedZoneID",
      },
    },
  ),
  "aws:lb/targetGroup:TargetGroup": type(
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    {
      deregistrationDelay: attribute("deregistration_delay.timeout_seconds"),
      healthCheck: "",
      ...Object.fromEntries(Object.entries(healthCheck).map(([key, name]) => [`healthCheck.${key}`, name])),
      loadBalancingAlgorithmType: attribute("load_balancing.algorithm.type"),
      targetGroupHealth: "",
      ...health("dnsFailover", "dns_failover"),
      ...health("unhealthyStateRouting", "unhealthy_state_routing"),
    },
    {
      attributeList: "TargetGroupAttributes",
      ref: "arn",
      attributes: { arnSuffix: "TargetGroupFullName", name: "TargetGroupName" },
    },
  ),
};
