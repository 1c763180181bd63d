import type { GraphIndex } from "../graph/model";
import { readAutoScalingGroups } from "./ec2/auto-scaling-groups";
import { readEcsServices } from "./ecs/ecs-services";
import { readBeanstalkEnvironments } from "./elasticbeanstalk/environments";
import type { ServerGroup } from "./processes/server-group";
import type { Zones } from "./vpc/zones";

/**
 * Reads from the plan every group of servers that one AWS service runs.
 * @param root  project root, which artifact folders are relative to
 */
type ServerGroupReader = (index: GraphIndex, zones: Zones, root: string) => readonly ServerGroup[];

/** One reader for each pattern that runs servers. Functions are read by `readFunctions` in local/lambda. */
export const serverGroupReaders: readonly ServerGroupReader[] = [
  readEcsServices,
  readAutoScalingGroups,
  readBeanstalkEnvironments,
];
