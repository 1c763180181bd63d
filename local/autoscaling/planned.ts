import type { GraphIndex } from "../../graph/model";
import { readGroupScaling } from "../ec2/group-scaling";
import { readServiceScaling } from "../ecs/service-scaling";
import { readTriggerScaling } from "../elasticbeanstalk/trigger-scaling";
import type { Scaling } from "./scaling";

/** Reads how planned groups of servers follow their load, by the URN of what owns the servers. */
export function readScaling(index: GraphIndex): ReadonlyMap<string, Scaling> {
  return new Map([readServiceScaling, readGroupScaling, readTriggerScaling].flatMap((read) => read(index)));
}
