import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import { probe } from "./failover-time";

export interface RegionHealthArgs {
  /** The region's own name; never the one that fails over, or the check would follow the traffic. */
  readonly probeName: string;
  /** Open, shallow paths, one per service: `/food-store/healthz`. */
  readonly paths: Readonly<Record<string, string>>;
}

/** Whether a region answers for every service: one HTTPS check each, and one that counts them. */
export class RegionHealth extends pulumi.ComponentResource {
  readonly healthCheckId: pulumi.Output<string>;

  constructor(name: string, args: RegionHealthArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:dns:RegionHealth", name, {}, opts);
    const checks = Object.entries(args.paths).map(
      ([service, path]) =>
        new route53.HealthCheck(
          `${name}-${service}`,
          {
            type: "HTTPS",
            fqdn: args.probeName,
            port: 443,
            resourcePath: path,
            enableSni: true,
            requestInterval: probe.intervalSeconds,
            failureThreshold: probe.failureThreshold,
            regions: [...probe.checkerRegions],
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
