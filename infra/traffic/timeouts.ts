/**
 * Every timeout on the request path, outermost last, each at least 10 % longer than the one inside it,
 * so that the inner layer answers before the outer one gives up.
 */
export const timeouts = {
  /** The service's own limit per request. */
  requestSeconds: 10,
  /** Lambda's limit per invocation. */
  functionSeconds: 12,
  /** The gateway's limit per integration (HTTP API allows 30 s at most). */
  integrationMilliseconds: 15_000,
  /** ALB closes idle connections after this; at least the integration timeout. */
  balancerIdleSeconds: 60,
  /** The server keeps idle connections longer than the balancer, or the balancer reuses a closed one (502). */
  keepAliveSeconds: 75,
  /** A stopping server serves on for longer than Cloud Map's TTL, as callers may hold its address that long. */
  discoveryTtlSeconds: 10,
  drainSeconds: 15,
  /** Balancer waits for requests in flight; at least the request limit. */
  deregistrationSeconds: 30,
  /** ECS and systemd kill after this; at least the deregistration delay and the drain (Fargate: 120 at most). */
  stopSeconds: 60,
} as const;

/** Health checks of balancers and containers: every 10 s, down after two failures, up after two passes. */
export const healthCheck = {
  path: "/healthz",
  intervalSeconds: 10,
  timeoutSeconds: 5,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
} as const;
