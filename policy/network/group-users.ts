import { text } from "../stack/read";
import type { Resource } from "../stack/resource";
import type { Stack } from "../stack/stack";
import { T } from "../stack/types";
import { peek, UNKNOWN } from "../stack/unknown";
import { settings, templateOf } from "../stack/workloads";
import { ruleTypes } from "./access";
import { isServing } from "./target-groups";

/** Data stores and VPC links, with the property that names their security groups. */
const stores = [
  ["aws:rds/cluster:Cluster", "vpcSecurityGroupIds"],
  ["aws:rds/instance:Instance", "vpcSecurityGroupIds"],
  ["aws:elasticache/replicationGroup:ReplicationGroup", "securityGroupIds"],
  ["aws:opensearch/domain:Domain", "vpcOptions.securityGroupIds"],
  ["aws:apigatewayv2/vpcLink:VpcLink", "securityGroupIds"],
] as const;

/** The resources of the program that were made from a security group, other than rules of it. */
export function usersOf(group: Resource, stack: Stack): readonly Resource[] {
  const users = stack.memo("what was made from a resource", () => {
    const found = new Map<string, Resource[]>();
    for (const one of stack.resources) {
      if (!one.type.startsWith("aws:vpc/securityGroup") && one.type !== ruleTypes.legacy) {
        for (const urn of one.dependencies()) found.set(urn, [...(found.get(urn) ?? []), one]);
      }
    }
    return found;
  });
  return users.get(group.urn) ?? [];
}

/** What no address of the internet can connect to, also when its groups admit all: endpoints have private addresses only. */
const inside: readonly string[] = [T.endpoint, T.function, T.vpcLink];

/** Whether a user of a group may answer requests of the internet; a manifest of Kubernetes makes a balancer of it. */
export function isReachable({ type }: Resource): boolean {
  return !inside.includes(type) && !type.startsWith("kubernetes:");
}

/** Whether requests reach a user of a group by a load balancer of the program, as far as it shows. */
export function isBehindBalancer(user: Resource, stack: Stack): boolean {
  if (isServing(user, stack)) return true;
  return stack.of(T.group).some((group) => {
    const isStarted =
      templateOf(group, stack) === user || stack.targets(group, "launchConfiguration", user.type).includes(user);
    return isStarted && isServing(group, stack);
  });
}

/** Whether a group is that of the public load balancer which Beanstalk makes for an environment. */
export function isOfEnvironment(group: Resource, stack: Stack): boolean {
  const id = peek(() => text(group.props["id"]));
  return stack.referrers(group, T.beanstalk, "settings").some((environment) => {
    const get = (namespace: string, name: string) => peek(() => settings(environment)(namespace, name));
    if (get("aws:ec2:vpc", "ELBScheme") === "internal") return false;
    return balancerSettings.some(([namespace, name]) => {
      const value = get(namespace, name);
      return value === UNKNOWN || id === UNKNOWN || (id !== "" && value?.includes(id) === true);
    });
  });
}

/** Where a Beanstalk environment names the groups of its load balancer. */
const balancerSettings: readonly (readonly [namespace: string, name: string])[] = [
  ["aws:elb:loadbalancer", "ManagedSecurityGroup"],
  ["aws:elb:loadbalancer", "SecurityGroups"],
  ["aws:elbv2:loadbalancer", "ManagedSecurityGroup"],
  ["aws:elbv2:loadbalancer", "SecurityGroups"],
];

/** The security groups that a rule belongs to, or the group itself. */
export function groupsOf(resource: Resource, stack: Stack): readonly Resource[] {
  return resource.type === ruleTypes.group ? [resource] : stack.targets(resource, "securityGroupId", ruleTypes.group);
}

/** The data store or VPC link that a security group, or the group of a rule, belongs to. */
export function storeOf(resource: Resource, stack: Stack): Resource | undefined {
  return groupsOf(resource, stack).flatMap((group) =>
    stores.flatMap(([type, path]) => stack.referrers(group, type, path)),
  )[0];
}
