import { createHash } from "node:crypto";

/** The provider appends `-` and seven hex digits to a logical name to make the physical one. */
const randomSuffixLength = 8;
const hashLength = 7;

/** Longest physical names, where AWS's limit is short enough to be met by `<stack>-<region>-<service>-<role>`. */
export const nameLimits = {
  /** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html */
  loadBalancer: 32,
  targetGroup: 32,
  /** @see https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_CreateEnvironment.html */
  beanstalkEnvironment: 40,
  role: 64,
  lambdaFunction: 64,
  bucket: 63,
} as const;
export type NamedThing = keyof typeof nameLimits;

/**
 * Fits a name into a limit: unchanged when it fits, else cut and closed with a hash of the whole name, so that two
 * long names that begin alike stay apart and the same name always gives the same result.
 * @param name  lower-case letters, digits and inner hyphens
 * @param max   length of the result, 9 at least
 * @throws {RangeError} on a name AWS would refuse, or a limit too short for one letter and the hash
 */
export function boundedName(name: string, max: number): string {
  if (!/^[a-z](-?[a-z0-9])*$/.test(name)) {
    throw new RangeError(
      `name ${JSON.stringify(name)} must be lower-case letters, digits and single inner hyphens, beginning with a letter; rename it`,
    );
  }
  if (!Number.isInteger(max) || max < hashLength + 2) {
    throw new RangeError(`name "${name}": limit must be a whole number from ${hashLength + 2}, got ${max}`);
  }
  if (name.length <= max) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, hashLength);
  return `${name.slice(0, max - hashLength - 1).replace(/-$/, "")}-${hash}`;
}

/** Logical name of a resource whose physical name, with the provider's random suffix, must fit AWS's limit. */
export function logicalName(name: string, thing: NamedThing): string {
  return boundedName(name, nameLimits[thing] - randomSuffixLength);
}
