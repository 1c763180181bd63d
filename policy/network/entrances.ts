import type { Resource } from "../stack/resource";
import type { Stack } from "../stack/stack";
import { T } from "../stack/types";
import { backendOf, behindBalancer, functionsIn } from "./paths";
import { isForAppliances } from "./target-groups";
import { N } from "./tokens";

/** Types that requests come in by. An integration is one where its API is in another stack. */
export const entranceTypes: readonly string[] = [T.api, T.restApi, T.integration, N.restIntegration, T.loadBalancer];

/** Returns the API of an integration, when it is in the stack. */
export function apiOf(integration: Resource, stack: Stack): Resource | undefined {
  return integration.type === N.restIntegration
    ? stack.targets(integration, "restApi", T.restApi)[0]
    : stack.targets(integration, "apiId", T.api)[0];
}

/** Returns the integrations of an API. */
export function integrationsOf(api: Resource, stack: Stack): readonly Resource[] {
  return api.type === T.restApi
    ? stack.referrers(api, N.restIntegration, "restApi")
    : stack.referrers(api, T.integration, "apiId");
}

/** Returns the workloads behind each entrance. A balancer behind an API is part of that API's path. */
export function entrances(stack: Stack): ReadonlyMap<Resource, readonly Resource[]> {
  return stack.memo("workloads by entrance", () => {
    const found = new Map<Resource, readonly Resource[]>();
    const inside = new Set<Resource>();
    for (const integration of stack.of(T.integration, N.restIntegration)) {
      const { balancer, workloads } = backendOf(integration, stack);
      if (balancer) inside.add(balancer);
      const holder = apiOf(integration, stack) ?? integration;
      found.set(holder, [...(found.get(holder) ?? []), ...workloads]);
    }
    for (const api of stack.of(T.api, T.restApi)) {
      // APIs that are declared by an OpenAPI document, or by the function that answers every route.
      const named = ["body", "target"].flatMap((property) => functionsIn(api, property, stack));
      found.set(api, [...new Set([...(found.get(api) ?? []), ...named])]);
    }
    for (const balancer of stack.of(T.loadBalancer)) {
      if (!inside.has(balancer) && !isForAppliances(balancer)) found.set(balancer, behindBalancer(balancer, stack));
    }
    return found;
  });
}
