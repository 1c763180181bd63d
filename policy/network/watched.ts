import { eventTypes } from "../stack/invocations";
import type { Resource } from "../stack/resource";
import type { Stack } from "../stack/stack";
import { T } from "../stack/types";
import { targetGroupsOf } from "./target-groups";

/** What the dimensions of an alarm may name by an id or a name that is known. */
const watchable = [
  eventTypes.queue,
  T.api,
  T.beanstalk,
  T.ecsService,
  T.function,
  T.group,
  T.loadBalancer,
  T.restApi,
  T.targetGroup,
];

/** Properties by which an alarm names what it watches. */
const watching = ["dimensions", "metricQueries"];

/** Tells whether an alarm watches a resource. An alarm on a target group or cluster sees its servers; one on a stage sees its API. */
export function isWatched(resource: Resource, stack: Stack): boolean {
  const watched = stack.memo("what alarms watch", () => {
    const urns = new Set<string>();
    for (const alarm of stack.of(T.alarm)) {
      for (const key of watching) {
        for (const urn of alarm.dependsOn(key)) urns.add(urn);
        for (const one of stack.targets(alarm, key, ...watchable)) urns.add(one.urn);
      }
    }
    return urns;
  });
  return [resource, ...partsOf(resource, stack)].some(({ urn }) => watched.has(urn));
}

function partsOf(resource: Resource, stack: Stack): readonly Resource[] {
  switch (resource.type) {
    case T.api:
      return stack.referrers(resource, T.stage, "apiId");
    case T.restApi:
      return stack.referrers(resource, "aws:apigateway/stage:Stage", "restApi");
    case T.loadBalancer:
      return [];
    case T.ecsService:
      return [...targetGroupsOf(resource, stack), ...stack.targets(resource, "cluster", "aws:ecs/cluster:Cluster")];
    default:
      return targetGroupsOf(resource, stack);
  }
}
