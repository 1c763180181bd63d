import { blocks, number, text } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const capacityProviderWeight: ResourceRule = {
  scope: "resource",
  name: "capacity-provider-weight",
  types: [T.ecsService, "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"],
  holds: "A capacity provider that runs a base of tasks has a weight of 1 or more.",
  why: "ECS places no task by a provider of weight 0, the base included.",
  mend: "set weight to 1 or more, or leave out base",
  severity: "high",
  level: "mandatory",
  ids: {},
  url: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html",
  check(resource, { report }) {
    const property =
      resource.type === T.ecsService ? "capacityProviderStrategies" : "defaultCapacityProviderStrategies";
    for (const one of blocks(resource.props[property])) {
      if ((number(one["base"]) ?? 0) > 0 && !((number(one["weight"]) ?? 0) >= 1))
        report(
          resource,
          `must weigh ${text(one["capacityProvider"])} with 1 or more, got weight ${one["weight"] ?? "none"}`,
        );
    }
  },
};
