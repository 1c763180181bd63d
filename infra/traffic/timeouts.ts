/**
 * Timeouts of the request path, each at least 10 % longer than the one inside it, so that the inner part answers
 * before the outer one gives up.
 */
export const timeouts = {
  /** The service's own limit per request. */
  requestSeconds: 10,
  /** Lambda's limit per invocation. */
  functionSeconds: 12,
  /** Lambda's limit per invocation of the forwarder, which waits for a service. */
  forwarderSeconds: 13,
  /** Lambda's limit per invocation of the function that hands requests of schedules and queues to servers. */
  callerSeconds: 15,
  /** The gateway's limit per integration (HTTP API allows 30 s at most). */
  integrationMilliseconds: 15_000,
  /** Lambda's limit per invocation that streams, of a service or the forwarder. */
  streamSeconds: 26,
  /** The gateway's limit per integration that streams. A server that is removed ends its requests in 30 s. */
  streamMilliseconds: 29_000,
  /** Time after which the load balancer closes an idle connection; at least the integration timeout. */
  balancerIdleSeconds: 60,
  /** Time that a server keeps an idle connection: longer than the balancer, which would else use a closed one (502). */
  keepAliveSeconds: 75,
  /** TTL of Cloud Map's records: callers may use a server's address for so long after it is removed. */
  discoveryTtlSeconds: 10,
  /** Time that a stopping server still serves requests; longer than the TTL of its address. */
  drainSeconds: 15,
  /** Time that the balancer waits for requests in flight of a server it removes; at least the request limit. */
  deregistrationSeconds: 30,
  /**
   * Time after which ECS and systemd kill a stopping server; at least deregistration and drain (Fargate: 120 at most).
   */
  stopSeconds: 60,
} as const;

/**
 * Settings of the health checks of balancers and containers: every 10 s, unhealthy after two failures, healthy after
 * two passes.
 */
export const healthCheck = {
  path: "/healthz",
  intervalSeconds: 10,
  timeoutSeconds: 5,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
} as const;
