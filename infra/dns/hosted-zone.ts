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
      {
        name: args.zoneName,
        comment: "Names of the platform's gateways",
        forceDestroy: false,
        // Records can be changed again about an hour after us-east-1 is lost. Nothing that serves or fails over needs it.
        enableAcceleratedRecovery: true,
      },
      { parent: this, protect: args.protection },
    );
    this.zoneId = zone.zoneId;
    this.nameServers = zone.nameServers;
    announce(this.nameServers, args.zoneName, this);
    this.registerOutputs({ zoneId: this.zoneId });
  }
}

/**
 * Shows the name servers in the progress of `pulumi up` as soon as they are known. Stack outputs appear at the end only,
 * and the first `up` does not end before the zone is delegated, because its certificate waits for that.
 */
function announce(nameServers: pulumi.Output<string[]>, zoneName: string, resource: pulumi.Resource): void {
  if (pulumi.runtime.isDryRun()) return;
  nameServers.apply((names) => pulumi.log.info(delegationLine(zoneName, names), resource));
}

/**
 * Returns the line that says how to delegate a zone.
 * @example delegationLine("example.com", ["ns-1.example.net"])
 * // "zone example.com is served by ns-1.example.net; enter these as its NS records at the registrar or in the zone above, if they are not there yet: certificates wait for it"
 */
export function delegationLine(zoneName: string, nameServers: readonly string[]): string {
  return `zone ${zoneName} is served by ${nameServers.join(", ")}; enter these as its NS records at the registrar or in the zone above, if they are not there yet: certificates wait for it`;
}
