import { beanstalk } from "./beanstalk/pattern";
import { ec2 } from "./ec2/pattern";
import { ecs } from "./ecs/pattern";
import { lambda } from "./lambda/pattern";
import type { ComputePattern } from "./pattern";

/** The patterns by the names that configuration uses. A new one is a folder next to this file and a line here. */
export const computePatterns = { ec2, ecs, beanstalk, lambda } as const satisfies Readonly<
  Record<string, ComputePattern>
>;

/** Name of a pattern in configuration. */
export type PatternName = keyof typeof computePatterns;
/** Names of all patterns, in the order of the registry. */
export const patternNames = Object.keys(computePatterns) as readonly PatternName[];
