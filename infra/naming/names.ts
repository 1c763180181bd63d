import { createHash } from "node:crypto";

/** Length of what the provider appends to a logical name to make the physical one: `-` and seven hex digits. */
const randomSuffixLength = 8;
const hashLength = 7;

/** Most characters of a physical name, for AWS resources whose limit `<stack>-<region>-<service>-<role>` may exceed. */
export const nameLimits = {
  /** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html */
  loadBalancer: 32,
  targetGroup: 32,
  /** @see https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_CreateEnvironment.html */
  beanstalkEnvironment: 40,
  role: 64,
  lambdaFunction: 64,
  bucket: 63,
  /** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
  schedule: 64,
  scheduleGroup: 64,
  /** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
  queue: 80,
  /** @see https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_CreatePipe.html */
  pipe: 64,
} as const;
/** Kind of AWS resource whose name has a limit in `nameLimits`. */
export type ResourceKind = keyof typeof nameLimits;

/**
 * Returns a name that is not longer than a limit: the name itself when it fits, else its beginning and a hash of the
 * whole name, so that two long names that begin alike stay different and the same name always gives the same result.
 * @example boundedName("a-very-long-service-name", 16) // "a-very-l-" and seven hex digits
 * @param name  lower-case letters, digits and inner hyphens
 * @param max   most characters of the result, 9 at least
 * @throws {RangeError} when AWS would refuse the name, or the limit is too short for one letter and the hash
 */
export function boundedName(name: string, max: number): string {
  if (!/^[a-z](-?[a-z0-9])*$/.test(name)) {
    throw new RangeError(
      `name ${JSON.stringify(name)} must be lower-case letters, digits and single inner hyphens, beginning with a letter; rename it`,
    );
  }
  if (!Number.isInteger(max) || max < hashLength + 2) {
    throw new RangeError(`name "${name}": limit must be a whole number from ${hashLength + 2}, got ${max}; raise it`);
  }
  if (name.length <= max) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, hashLength);
  return `${name.slice(0, max - hashLength - 1).replace(/-$/, "")}-${hash}`;
}

/** Returns a logical name so short that the physical name, with the provider's random suffix, fits AWS's limit. */
export function logicalName(name: string, kind: ResourceKind): string {
  return boundedName(name, nameLimits[kind] - randomSuffixLength);
}
