import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { regionHealthCheck } from "./failover-time";

/** Arguments of `RegionHealth`. */
export interface RegionHealthArgs {
  /**
   * The region's own domain name. With the name that fails over, the check would test the region that has the traffic.
   */
  readonly regionalName: string;
  /**
   * Path to check, by the service's name: one that needs no token and reads what the service needs in this region.
   * @example { "food-store": "/food-store/healthz/region" }
   */
  readonly paths: Readonly<Record<string, string>>;
  /** Services among them whose health decides on the region. */
  readonly critical: readonly string[];
  /** How many of them must be healthy, at least, for the region to be. */
  readonly atLeast: number;
}

/** Returns the path by which a service says whether it has what it needs in its region. */
export function regionProbePath(service: string): string {
  return `/${service}/healthz/region`;
}

/** The Route 53 health checks of a region: an HTTPS check per service, and one of the whole region. */
export class RegionHealth extends pulumi.ComponentResource {
  /** Id of the check of the whole region. */
  readonly healthCheckId: pulumi.Output<string>;
  /** Id of the check of a service alone, by service. */
  readonly serviceCheckIds: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: RegionHealthArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:dns:RegionHealth", name, {}, opts);
    const checks = Object.entries(args.paths).map(
      ([service, path]) => [service, this.createCheck(`${name}-${service}`, args.regionalName, path).id] as const,
    );
    this.serviceCheckIds = Object.fromEntries(checks);
    const region = new route53.HealthCheck(
      `${name}-all`,
      {
        type: "CALCULATED",
        childHealthchecks: args.critical.map((service) => this.serviceCheckIds[service]!),
        childHealthThreshold: args.atLeast,
      },
      { parent: this },
    );
    this.healthCheckId = region.id;
    this.registerOutputs({ healthCheckId: this.healthCheckId });
  }

  private createCheck(name: string, fqdn: string, resourcePath: string): route53.HealthCheck {
    return new route53.HealthCheck(
      name,
      {
        type: "HTTPS",
        fqdn,
        port: 443,
        resourcePath,
        enableSni: true,
        requestInterval: regionHealthCheck.intervalSeconds,
        failureThreshold: regionHealthCheck.failureThreshold,
        regions: [...regionHealthCheck.checkerRegions],
        measureLatency: true,
      },
      { parent: this },
    );
  }
}
