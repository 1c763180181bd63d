/**
 * Settings of the Route 53 health checks of a region: the shortest interval that Route 53 has, from three regions (the
 * fewest it takes).
 */
export const regionHealthCheck = {
  intervalSeconds: 10,
  failureThreshold: 3,
  checkerRegions: ["us-east-1", "eu-west-1", "ap-southeast-1"],
} as const;

/** Seconds that a DNS resolver may keep the address of an alias to a regional API. */
const ALIAS_TTL_SECONDS = 60;

/** Seconds that a service answers checks with the result of its last probe; the constant of apps/kit/region-health.ts. */
export const PROBE_CACHE_SECONDS = 5;

/**
 * Longest time, in seconds, from the loss of a region, or of what its services need there, until every client's requests go
 * to the other region.
 */
export const FAILOVER_SECONDS =
  regionHealthCheck.intervalSeconds * regionHealthCheck.failureThreshold + PROBE_CACHE_SECONDS + ALIAS_TTL_SECONDS;
