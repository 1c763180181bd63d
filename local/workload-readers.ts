import type { GraphIndex } from "../graph/model";
import { readEc2 } from "./ec2/auto-scaling-groups";
import { readEcs } from "./ecs/ecs-services";
import { readBeanstalk } from "./elasticbeanstalk/environments";
import type { ServerGroup } from "./processes/server-group";
import type { Zones } from "./vpc/zones";

/**
 * Reads from the plan every group of servers that one AWS service runs.
 * @param root  project root, which artifact folders are relative to
 */
export type ServerReader = (index: GraphIndex, zones: Zones, root: string) => readonly ServerGroup[];

/** Readers of the patterns that run servers. A new pattern adds one; functions behind an alias have local/lambda. */
export const serverReaders: readonly ServerReader[] = [readEcs, readEc2, readBeanstalk];
