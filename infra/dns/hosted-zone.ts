import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of `HostedZone`. */
export interface HostedZoneArgs {
  /** Domain, whose registrar must list the name servers of the stack output `nameServers`. @example "example.com" */
  readonly zoneName: string;
  readonly protection: boolean;
}

/** The public Route 53 zone that has the records of all gateways. */
export class HostedZone extends pulumi.ComponentResource {
  readonly zoneId: pulumi.Output<string>;
  readonly nameServers: pulumi.Output<string[]>;

  constructor(name: string, args: HostedZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:dns:HostedZone", name, {}, opts);
    const zone = new route53.Zone(
      `${name}-zone`,
      { name: args.zoneName, comment: "Names of the platform's gateways", forceDestroy: false },
      { parent: this, protect: args.protection },
    );
    this.zoneId = zone.zoneId;
    this.nameServers = zone.nameServers;
    this.registerOutputs({ zoneId: this.zoneId });
  }
}
