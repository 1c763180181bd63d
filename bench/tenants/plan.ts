import type { Graph } from "../../graph/model";
import { planStack } from "../../graph/plan";
import { readProject } from "../../graph/project";
import { projectRoot } from "../../graph/project-root";
import { host, route, tier } from "./settings";

/** No route may be limited but by the tenants' tiers. */
const throttle = { rate: 5_000, burst: 5_000 };

/** Plans dev with a REST API in front of every service, and the tier of the bench. */
export function planForTenants(): Promise<Graph> {
  // A connection of live changes has no tenant, so that neither goes with the other.
  const { "platform:live": _, ...config } = readProject(projectRoot, "dev").config;
  const services = JSON.parse(config["platform:services"]!);
  services[route.service].routes = { [route.id]: { throttle } };
  const { name, ...limit } = tier;
  const changes = {
    services,
    gateways: { rest: { services: Object.keys(services), domain: host } },
    tenants: { tiers: { [name]: limit } },
  };
  const texts = Object.entries(changes).map(([key, value]) => [`platform:${key}`, JSON.stringify(value)]);
  return planStack("dev", { config: { ...config, ...Object.fromEntries(texts) } });
}
