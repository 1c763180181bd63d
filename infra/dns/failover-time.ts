/** How Route 53 watches a region: the fastest interval it has, from at least three places. */
export const probe = {
  intervalSeconds: 10,
  failureThreshold: 3,
  checkerRegions: ["us-east-1", "eu-west-1", "ap-southeast-1"],
} as const;

/** Seconds a resolver may keep the answer of an alias to a regional API. */
const ALIAS_TTL_SECONDS = 60;

/** Longest time from the loss of a region to the last client asking the other one. */
export const FAILOVER_SECONDS = probe.intervalSeconds * probe.failureThreshold + ALIAS_TTL_SECONDS;
