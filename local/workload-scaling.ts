import type { GraphIndex } from "../graph/model";
import { AutoScaling } from "./autoscaling/auto-scaling";
import { readScaling } from "./autoscaling/planned";
import type { Balancers } from "./elb/balancers";
import type { Supervisor } from "./processes/supervisor";
import type { SupervisorOptions } from "./processes/supervisor-options";

/** Has groups of servers follow their load, as far as policies are planned for them. */
export function scaleSupervisors(
  index: GraphIndex,
  supervisors: readonly Supervisor[],
  balancers: Balancers,
  { time, log, planes }: Pick<SupervisorOptions, "time" | "log" | "planes">,
): AutoScaling {
  const planned = readScaling(index);
  const scalable = supervisors.flatMap((fleet) => {
    const { id, service, region } = fleet.group;
    const scaling = planned.get(id);
    return scaling === undefined ? [] : { id, service, region, fleet, scaling };
  });
  const targets = (key: string) => balancers.groups.get(key)?.counts;
  const ask = (what: string, where: string) => planes?.ask({ by: "scale", what, where });
  return new AutoScaling(scalable, { time, log, targets, ask });
}
