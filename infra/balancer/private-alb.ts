import type * as ec2 from "@pulumi/aws/ec2";
import * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkOutputs } from "../contract/layer-outputs";
import { logicalName } from "../naming/names";
import { PrivateBucket } from "../security/private-bucket";
import { createSecurityGroup } from "../traffic/security-group";
import { timeouts } from "../traffic/timeouts";

/** What services need to know about the shared internal load balancer of their region. */
export interface SharedBalancer {
  readonly loadBalancerArn: pulumi.Input<string>;
  /** `app/<name>/<id>`, as CloudWatch dimensions and the resource labels of request counts take it. */
  readonly arnSuffix: pulumi.Input<string>;
  readonly dnsName: pulumi.Input<string>;
  readonly securityGroupId: pulumi.Input<string>;
}

/** Arguments of `PrivateAlb`. */
export interface PrivateAlbArgs {
  readonly network: Pick<NetworkOutputs, "vpcId" | "privateSubnetIds">;
  /** Id of the AWS account that owns the balancer, the only one whose load balancers may write to the log bucket. */
  readonly account: pulumi.Input<string>;
  readonly region: string;
  /** Days after which access logs are deleted. */
  readonly logRetentionDays: number;
  /** Whether the balancer and the bucket of its logs are protected from deletion. */
  readonly protection: boolean;
}

const logPrefix = "balancer";

/** The internal load balancer of a region, over all its zones. Services share it, and each adds its own listener. */
export class PrivateAlb extends pulumi.ComponentResource {
  readonly outputs: SharedBalancer;

  constructor(name: string, args: PrivateAlbArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:balancer:PrivateAlb", name, {}, opts);
    const group = createSecurityGroup(
      `${name}-group`,
      { vpcId: args.network.vpcId, description: "Shared internal load balancer" },
      { parent: this },
    );
    const logBucket = this.createLogBucket(name, args);
    const balancer = this.createBalancer(name, args, group, logBucket);
    this.outputs = {
      loadBalancerArn: balancer.arn,
      arnSuffix: balancer.arnSuffix,
      dnsName: balancer.dnsName,
      securityGroupId: group.id,
    };
    this.registerOutputs({ ...this.outputs });
  }

  private createLogBucket(name: string, args: PrivateAlbArgs): PrivateBucket {
    return new PrivateBucket(
      `${name}-logs`,
      {
        expireDays: args.logRetentionDays,
        keepOldVersionsDays: 1,
        protection: args.protection,
        grants: [
          {
            Sid: "BalancerLogs",
            Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
            Action: ["s3:PutObject"],
            path: pulumi.interpolate`${logPrefix}/AWSLogs/${args.account}/*`,
            Condition: {
              StringEquals: { "aws:SourceAccount": args.account },
              ArnLike: {
                "aws:SourceArn": pulumi.interpolate`arn:aws:elasticloadbalancing:${args.region}:${args.account}:loadbalancer/*`,
              },
            },
          },
        ],
      },
      { parent: this },
    );
  }

  private createBalancer(
    name: string,
    args: PrivateAlbArgs,
    group: ec2.SecurityGroup,
    logBucket: PrivateBucket,
  ): lb.LoadBalancer {
    return new lb.LoadBalancer(
      logicalName(`${name}-alb`, "loadBalancer"),
      {
        loadBalancerType: "application",
        internal: true,
        ipAddressType: "ipv4",
        subnets: args.network.privateSubnetIds,
        securityGroups: [group.id],
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        idleTimeout: timeouts.balancerIdleSeconds,
        enableCrossZoneLoadBalancing: true,
        enableZonalShift: true,
        enableDeletionProtection: args.protection,
        accessLogs: { enabled: true, bucket: logBucket.name, prefix: logPrefix },
      },
      { parent: this },
    );
  }
}
