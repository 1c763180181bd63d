import * as route53 from "@pulumi/aws/route53";
import type * as pulumi from "@pulumi/pulumi";
import type { AliasTarget } from "./custom-domain";

/** Arguments of `createAlias`. */
export interface AliasArgs {
  readonly hostedZoneId: pulumi.Input<string>;
  readonly domainName: string;
  readonly target: AliasTarget;
  /** For addresses of version 4 (A) or 6 (AAAA). @default "A" */
  readonly type?: "A" | "AAAA";
  /** Whether Route 53 asks about the target's health, which it refuses for CloudFront. @default true */
  readonly evaluateTargetHealth?: boolean;
}

/** Makes the alias record of a name that always points to one region. */
export function createAlias(name: string, args: AliasArgs, opts: pulumi.CustomResourceOptions): route53.Record {
  return new route53.Record(name, aliasRecord(args), opts);
}

/** Arguments of `createFailoverAlias`. */
export interface FailoverArgs extends AliasArgs {
  readonly region: string;
  readonly role: "PRIMARY" | "SECONDARY";
  readonly healthCheckId: pulumi.Input<string>;
}

/** Makes one region's half of the failover record of a name that Route 53 moves between two regions. */
export function createFailoverAlias(
  name: string,
  args: FailoverArgs,
  opts: pulumi.CustomResourceOptions,
): route53.Record {
  return new route53.Record(
    name,
    {
      ...aliasRecord(args),
      setIdentifier: args.region,
      failoverRoutingPolicies: [{ type: args.role }],
      healthCheckId: args.healthCheckId,
    },
    opts,
  );
}

/**
 * Returns an alias record, which takes no TTL. The health of the target only shows whether API Gateway is up, so
 * failover needs a health check too.
 */
function aliasRecord({
  hostedZoneId,
  domainName,
  target,
  type = "A",
  evaluateTargetHealth = true,
}: AliasArgs): route53.RecordArgs {
  return {
    zoneId: hostedZoneId,
    name: domainName,
    type,
    aliases: [{ name: target.name, zoneId: target.zoneId, evaluateTargetHealth }],
  };
}
