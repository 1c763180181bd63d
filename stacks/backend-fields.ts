import type { ComputeBackend } from "../infra/contract/backend";

/**
 * Fields that every backend of a kind has; which optional ones it has, its pattern says. It does not compile when a kind
 * is missing.
 */
export const backendFields = {
  listener: ["listenerArn", "loadBalancerArn", "dnsName", "port", "securityGroupId"],
  discovery: ["serviceArn", "namespaceName", "serviceName", "port", "securityGroupId"],
  function: ["functionArn", "aliasArn", "invokeArn", "streamingAliasArn"],
} as const satisfies { [Kind in ComputeBackend["kind"]]: readonly (keyof Extract<ComputeBackend, { kind: Kind }>)[] };
