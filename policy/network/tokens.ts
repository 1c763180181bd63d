/** Type tokens of balancing, scaling and gateways that only rules on availability name. */
export const N = {
  basePathMapping: "aws:apigateway/basePathMapping:BasePathMapping",
  cacheCluster: "aws:elasticache/cluster:Cluster",
  capacityProvider: "aws:ecs/capacityProvider:CapacityProvider",
  database: "aws:rds/instance:Instance",
  eksCluster: "aws:eks/cluster:Cluster",
  eksNodes: "aws:eks/nodeGroup:NodeGroup",
  eventSource: "aws:lambda/eventSourceMapping:EventSourceMapping",
  groupPolicy: "aws:autoscaling/policy:Policy",
  groupSchedule: "aws:autoscaling/schedule:Schedule",
  instance: "aws:ec2/instance:Instance",
  listenerRule: "aws:lb/listenerRule:ListenerRule",
  methodSettings: "aws:apigateway/methodSettings:MethodSettings",
  restAuthorizer: "aws:apigateway/authorizer:Authorizer",
  restDomain: "aws:apigateway/domainName:DomainName",
  restIntegration: "aws:apigateway/integration:Integration",
  restVpcLink: "aws:apigateway/vpcLink:VpcLink",
  scheduledAction: "aws:appautoscaling/scheduledAction:ScheduledAction",
  targetAttachment: "aws:lb/targetGroupAttachment:TargetGroupAttachment",
} as const;

/** What registers the servers of an Auto Scaling group with a target group, and where it names that. */
export const groupAttachments: readonly (readonly [type: string, path: string])[] = [
  ["aws:autoscaling/attachment:Attachment", "lbTargetGroupArn"],
  ["aws:autoscaling/attachment:Attachment", "albTargetGroupArn"],
  ["aws:autoscaling/trafficSourceAttachment:TrafficSourceAttachment", "trafficSource"],
];
