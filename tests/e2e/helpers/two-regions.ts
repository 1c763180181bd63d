import { serviceNames } from "../../../apps/catalog";
import type { Graph } from "../../../graph/model";
import { planStack } from "../../../graph/plan";
import { changedValues } from "../../helpers/configuration";

/** Regions of `planTwoRegions`, the primary first. */
export const twoRegions = ["eu-west-1", "eu-central-1"] as const;

/**
 * Plans dev in two regions of two zones each. Each service runs under another pattern, moves the region, and has a name of its
 * own too, `<service>.dev.example.com`.
 */
export function planTwoRegions(change?: (values: any) => void): Promise<Graph> {
  return planStack("dev", { config: configOfTwoRegions(change) });
}

/** The configuration of `planTwoRegions`, by full key. */
export function configOfTwoRegions(change?: (values: any) => void): Readonly<Record<string, string>> {
  return changedValues("dev", (values) => {
    values.regions = twoRegions.map((name, i) => ({
      name,
      cidr: `10.${8 + 4 * i}.0.0/16`,
      zones: [`${name}a`, `${name}b`],
    }));
    for (const name of serviceNames) {
      const service = values.services[name];
      Object.assign(service, { critical: true, failoverName: `${name}.dev.example.com` });
      if (service.pattern === "lambda") service.lambda = { reservedConcurrency: 40, provisionedConcurrency: 4 };
    }
    change?.(values);
  });
}
