import { text } from "../stack/read";
import type { Resource } from "../stack/resource";
import type { Stack } from "../stack/stack";
import { T } from "../stack/types";
import { peek, UNKNOWN } from "../stack/unknown";
import { failoverOf } from "./paths";

/** Regions that run something. A certificate in another region, for CloudFront, makes no second one. */
export function workloadRegions(stack: Stack): readonly string[] {
  return stack.memo("workload regions", () => {
    const found = new Set<string>();
    for (const workload of stack.of(T.group, T.ecsService, T.beanstalk, T.function, T.api)) {
      const region = stack.regionOf(workload);
      if (region !== undefined) found.add(region);
    }
    return [...found].sort();
  });
}

/** Records that fail over, by zone, name and type. */
export function failoverNames(stack: Stack): ReadonlyMap<string, readonly Resource[]> {
  return stack.memo("records by failover name", () => {
    const names = new Map<string, Resource[]>();
    for (const record of stack.of(T.record)) {
      if (peek(() => failoverOf(record)) === undefined) continue;
      const zone = peek(() => text(record.props["zoneId"]));
      const key = peek(() => `${text(record.props["name"])} ${text(record.props["type"])}`);
      if (key === UNKNOWN) continue;
      const id = `${zone === UNKNOWN ? record.dependsOn("zoneId").join() : zone} ${key}`;
      names.set(id, [...(names.get(id) ?? []), record]);
    }
    return names;
  });
}
