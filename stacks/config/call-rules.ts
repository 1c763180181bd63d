import type { RouteSpec, ServiceContract } from "../../apps/kit/contract";
import { answeringOf } from "./legacy-routes";
import { type ConfigProblem, formatValue } from "./problems";
import { healthRoutes } from "./route-rules";
import type { PlatformConfig } from "./schema";

/**
 * Checks that services call what others offer: a route of another service that is on in this environment and answers in one
 * piece.
 */
export function* callProblems(
  contracts: Readonly<Record<string, ServiceContract>>,
  services: PlatformConfig["services"],
): Iterable<ConfigProblem> {
  for (const { name, calls } of Object.values(contracts)) {
    const path = `services.${name}`;
    const others = Object.keys(contracts).filter((each) => each !== name);
    for (const [callee, ids] of Object.entries(calls)) {
      if (!others.includes(callee)) {
        yield {
          path,
          text: `must call other services (${others.join(", ")}), got ${formatValue(callee)}; correct its contract`,
        };
        continue;
      }
      const offered = offeredRoutes(contracts[callee]!, services[callee]);
      for (const id of ids) {
        if (!offered.some((route) => route.id === id)) {
          yield {
            path,
            text: `must call routes that ${callee} answers in one piece (${offered.map((route) => route.id).join(", ")}), got ${formatValue(id)}; correct its contract`,
          };
        } else if (services[callee]?.routes?.[id]?.enabled === false) {
          yield {
            path: `services.${callee}.routes.${id}.enabled`,
            text: `must not be false, as ${name} calls the route, got false; turn it on`,
          };
        }
      }
    }
  }
}

/** Checks that services consume what others publish. */
export function* consumeProblems(contracts: Readonly<Record<string, ServiceContract>>): Iterable<ConfigProblem> {
  for (const { name, consumes } of Object.values(contracts)) {
    const publishers = Object.values(contracts).filter((each) => each.publishes && each.name !== name);
    const names = publishers.map((each) => each.name);
    for (const { service } of consumes.filter((each) => !names.includes(each.service))) {
      yield {
        path: `services.${name}`,
        text: `must consume what other services publish (${names.join(", ") || "none does"}), got ${formatValue(service)}; correct its contract, or set publishes in that of ${service}`,
      };
    }
  }
}

/** Returns the routes that others may call: those that a service answers alone and in one piece, without the health routes. */
export function offeredRoutes(
  { routes, legacyRoutes }: ServiceContract,
  service: PlatformConfig["services"][string] | undefined,
): readonly RouteSpec[] {
  const moved = legacyRoutes.filter((route) => service && answeringOf(route, service) === "service");
  return [...routes, ...moved].filter(({ id, stream }) => !Object.hasOwn(healthRoutes, id) && !stream);
}
