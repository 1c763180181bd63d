import { at, blocks, isTrue, list, number, text, texts } from "../stack/read";
import type { Resource } from "../stack/resource";
import type { Stack } from "../stack/stack";
import { T } from "../stack/types";
import { peek, UNKNOWN } from "../stack/unknown";
import { capacityOf, workloadZones } from "./capacity";
import { twinRegions } from "./regions";
import { N } from "./tokens";
import { type Zones, zonesOf } from "./zones";

/**
 * What a program shows that it is for. Advice about the loss of a zone helps a program that means to survive one; to
 * others it is a bill without a benefit that they asked for.
 *
 * - `served`: requests from outside reach it, by a load balancer, an API, a distribution or a DNS record.
 * - `redundant`: something in it is there twice, so that one can fail.
 * - `operated`: people watch or guard it: it has an alarm that tells them, a log of requests, a backup plan or a lock.
 * - `audited`: it records or checks what happens in the account, by a trail, a flow log, AWS Config or GuardDuty.
 * - `private`: it has a network whose servers can work without a public address.
 */
export type Purpose = "served" | "redundant" | "operated" | "audited" | "private";

/** Tells whether a program shows a purpose. A value that is not known shows none. */
export function hasPurpose(purpose: Purpose, stack: Stack): boolean {
  return stack.memo(`purpose ${purpose}`, () => signs[purpose](stack));
}

const signs: Readonly<Record<Purpose, (stack: Stack) => boolean>> = {
  served: (stack) => stack.of(...entranceTypes).length > 0,
  redundant: isRedundant,
  operated: isOperated,
  audited: (stack) => stack.of(...auditTypes).length > 0,
  private: (stack) =>
    stack.of(T.natGateway).length > 0 ||
    stack.of(T.awsxVpc).some(({ props }) => isKnownTrue(() => text(at(props, "natGateways.strategy")) !== "None")) ||
    stack.of(T.endpoint).some(({ props }) => isKnownTrue(() => text(props["vpcEndpointType"]) === "Interface")),
};

/** What requests from outside come in by. Of a balancer in another stack, a program has a listener or target group. */
const entranceTypes: readonly string[] = [
  T.api,
  T.beanstalk,
  T.distribution,
  T.domainName,
  T.integration,
  T.listener,
  T.loadBalancer,
  T.record,
  T.restApi,
  T.targetGroup,
  N.restIntegration,
  "aws:appsync/graphQLApi:GraphQLApi",
  "aws:elb/loadBalancer:LoadBalancer",
  "aws:globalaccelerator/accelerator:Accelerator",
  "aws:lambda/functionUrl:FunctionUrl",
  "awsx:lb:ApplicationLoadBalancer",
  "awsx:lb:NetworkLoadBalancer",
];

function isRedundant(stack: Stack): boolean {
  return (
    peek(() => twinRegions(stack).length > 1) === true ||
    stack.of(T.natGateway).length > 1 ||
    stack.of(...redundantTypes).some((one) => isKnownTrue(() => twice[one.type]?.(one, stack) === true)) ||
    isKnownTrue(() => stack.of(T.targetGroup).some((one) => attached(one, stack) > 1))
  );
}

/** How a resource shows that it, or what it stands for, is there twice. */
const twice: Readonly<Record<string, (resource: Resource, stack: Stack) => boolean>> = {
  [T.group]: (group, stack) =>
    least(group, stack) > 1 ||
    (number(group.props["desiredCapacity"]) ?? 0) > 1 ||
    // With room for one server a second zone is where AWS may start it, and not a second server.
    ((capacityOf(group, stack)?.max ?? 0) > 1 && zoneNames(() => workloadZones(group, stack)) > 1),
  [T.ecsService]: (service, stack) => least(service, stack) > 1,
  [T.beanstalk]: (environment, stack) => least(environment, stack) > 1,
  [T.scalingTarget]: ({ props }) =>
    text(props["serviceNamespace"]) === "ecs" && (number(props["minCapacity"]) ?? 0) > 1,
  // AWS asks for two zones of every application load balancer; a third one is the program's choice.
  [T.loadBalancer]: (balancer, stack) =>
    zoneNames(() => zonesOf(balancer, "subnets", stack)) > (balancer.props["loadBalancerType"] === "network" ? 1 : 2),
  "awsx:ecs:EC2Service": asksForTwo,
  "awsx:ecs:FargateService": asksForTwo,
  [T.awsxVpc]: ({ props }) => text(at(props, "natGateways.strategy")) === "OnePerAz",
  [T.record]: ({ props }) =>
    ["failoverRoutingPolicies", "latencyRoutingPolicies", "weightedRoutingPolicies"].some(
      (key) => blocks(props[key]).length > 0,
    ),
  [T.table]: ({ props }) => list(props["replicas"]).length > 0,
  [N.database]: ({ props }) => isTrue(props["multiAz"]),
  [T.dbCluster]: (cluster, stack) => stack.referrers(cluster, T.dbInstance, "clusterIdentifier").length > 1,
  [T.cacheGroup]: ({ props }) => isTrue(props["multiAzEnabled"]) || isTrue(props["automaticFailoverEnabled"]),
  [T.search]: ({ props }) => isTrue(at(props, "clusterConfig.zoneAwarenessEnabled")),
  [N.eksNodes]: ({ props }) =>
    Math.max(number(at(props, "scalingConfig.minSize")) ?? 0, number(at(props, "scalingConfig.desiredSize")) ?? 0) > 1,
};
const redundantTypes = Object.keys(twice);

function asksForTwo({ props }: Resource): boolean {
  return (number(props["desiredCount"]) ?? 0) > 1;
}

function least(workload: Resource, stack: Stack): number {
  return capacityOf(workload, stack)?.min ?? 0;
}

function attached(group: Resource, stack: Stack): number {
  return stack.referrers(group, N.targetAttachment, "targetGroupArn").length;
}

function zoneNames(read: () => Zones | undefined): number {
  const zones = peek(read);
  return zones === UNKNOWN || zones === undefined ? 0 : zones.names.size;
}

function isKnownTrue(read: () => boolean): boolean {
  return peek(read) === true;
}

/** What a program has only where people answer for what happens in its account. */
const auditTypes: readonly string[] = [
  T.flowLog,
  "aws:accessanalyzer/analyzer:Analyzer",
  "aws:cfg/recorder:Recorder",
  "aws:cloudtrail/trail:Trail",
  "aws:guardduty/detector:Detector",
  "aws:inspector2/enabler:Enabler",
  "aws:macie2/account:Account",
  "aws:securityhub/account:Account",
];

/** What a program has only where an operator runs it. A dashboard is none: samples have one to be looked at. */
const operationTypes: readonly string[] = [
  T.flowLog,
  T.webAcl,
  "aws:backup/plan:Plan",
  "aws:cloudtrail/trail:Trail",
  "aws:cloudwatch/compositeAlarm:CompositeAlarm",
  "aws:s3/bucketLogging:BucketLogging",
  "aws:wafv2/webAclAssociation:WebAclAssociation",
];

/** Properties that only an operator of a program sets, where they are set. */
const operationSettings: readonly (readonly [type: string, path: string])[] = [
  [T.loadBalancer, "enableDeletionProtection"],
  [T.loadBalancer, "accessLogs.enabled"],
  [T.table, "deletionProtectionEnabled"],
  [N.database, "deletionProtection"],
  [T.dbCluster, "deletionProtection"],
];

function isOperated(stack: Stack): boolean {
  return (
    stack.of(...operationTypes).length > 0 ||
    stack.of(T.alarm).some((alarm) => !onlyScales(alarm)) ||
    stack.resources.some(({ protect }) => protect) ||
    operationSettings.some(([type, path]) =>
      stack.of(type).some(({ props }) => isKnownTrue(() => isTrue(at(props, path)))),
    ) ||
    stack.of(T.distribution).some(({ props }) => isKnownTrue(() => props["loggingConfig"] !== undefined)) ||
    stack
      .of(T.stage, "aws:apigateway/stage:Stage")
      .some(({ props }) => isKnownTrue(() => props["accessLogSettings"] !== undefined))
  );
}

/** Whether all that an alarm does is to add or remove servers, of which it tells no one. */
function onlyScales(alarm: Resource): boolean {
  const isScaling = (one: string) => /:scalingPolicy:|(autoscaling|appautoscaling)\/policy:Policy::/.test(one);
  const actions = peek(() => ["alarmActions", "okActions"].flatMap((key) => texts(alarm.props[key])));
  if (actions !== UNKNOWN && actions.length > 0 && actions.every(isScaling)) return true;
  const targets = ["alarmActions", "okActions"].flatMap((key) => alarm.dependsOn(key));
  const count = actions === UNKNOWN ? 0 : actions.length;
  return targets.length > 0 && targets.length >= count && targets.every(isScaling);
}
