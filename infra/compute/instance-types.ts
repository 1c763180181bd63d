import type { Size } from "./pattern";

/**
 * EC2 instance types of `ec2` and `beanstalk` servers, in order of preference: a zone that runs out of one still
 * launches the next. All are arm64 (Graviton).
 */
export const instanceTypes: Readonly<Record<Size, readonly [string, string, ...string[]]>> = {
  small: ["t4g.small", "t4g.medium", "c7g.medium"],
  medium: ["m7g.medium", "m6g.medium", "t4g.large"],
  large: ["m7g.large", "m6g.large", "c7g.xlarge"],
};
