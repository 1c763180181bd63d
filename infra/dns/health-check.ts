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
}

/** Returns the path by which a service says whether it has what it needs in its region. */
export function regionProbePath(service: string): string {
  return `/${service}/healthz/region`;
}

/** The Route 53 health checks of a region: an HTTPS check per service, and one that is healthy when all of them are. */
export class RegionHealth extends pulumi.ComponentResource {
  /** Id of the check of the whole region. */
  readonly healthCheckId: pulumi.Output<string>;

  constructor(name: string, args: RegionHealthArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:dns:RegionHealth", name, {}, opts);
    const checks = Object.entries(args.paths).map(
      ([service, path]) =>
        new route53.HealthCheck(
          `${name}-${service}`,
          {
            type: "HTTPS",
            fqdn: args.regionalName,
            port: 443,
            resourcePath: path,
            enableSni: true,
            requestInterval: regionHealthCheck.intervalSeconds,
            failureThreshold: regionHealthCheck.failureThreshold,
            regions: [...regionHealthCheck.checkerRegions],
            measureLatency: true,
          },
          { parent: this },
        ),
    );
    const region = new route53.HealthCheck(
      `${name}-all`,
      {
        type: "CALCULATED",
        childHealthchecks: checks.map((check) => check.id),
        childHealthThreshold: checks.length,
      },
      { parent: this },
    );
    this.healthCheckId = region.id;
    this.registerOutputs({ healthCheckId: this.healthCheckId });
  }
}
