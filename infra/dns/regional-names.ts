import * as pulumi from "@pulumi/pulumi";
import type { ServiceSpec } from "../contract/service";
import { createAlias, createFailoverAlias } from "./alias";
import { ValidatedCertificate } from "./certificate";
import { CustomDomain } from "./custom-domain";
import { RegionHealth } from "./health-check";

export interface RegionalNamesArgs {
  readonly region: string;
  /** `api.example.com`. */
  readonly apiName: string;
  readonly hostedZoneId: pulumi.Input<string>;
  readonly apiId: pulumi.Input<string>;
  readonly stage: pulumi.Input<string>;
  readonly services: readonly Pick<ServiceSpec, "name">[];
  /** `only`: there is no other region, the name needs no failover. */
  readonly role: "only" | "primary" | "secondary";
}

/** The names of one region's API: the one clients call, and the region's own, which health checks call. */
export class RegionalNames extends pulumi.ComponentResource {
  constructor(
    private readonly name: string,
    private readonly args: RegionalNamesArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("platform:dns:RegionalNames", name, {}, opts);
    const probeName = probeNameOf(args.apiName, args.region);
    const certificateArn = this.createCertificate(probeName);
    const own = this.createDomain("probe", probeName, certificateArn);
    const shared = this.createDomain("api", args.apiName, certificateArn);
    createAlias(`${name}-probe-record`, { ...args, domainName: probeName, target: own.target }, { parent: this });
    this.createApiRecord(shared, probeName);
    this.registerOutputs({});
  }

  private createCertificate(probeName: string): pulumi.Output<string> {
    const { apiName, hostedZoneId, role } = this.args;
    const certificate = new ValidatedCertificate(
      `${this.name}-tls`,
      {
        domainName: apiName,
        alternativeNames: [probeName],
        validatedNames: role === "secondary" ? [probeName] : [apiName, probeName],
        hostedZoneId,
      },
      { parent: this },
    );
    return certificate.arn;
  }

  private createDomain(use: string, domainName: string, certificateArn: pulumi.Input<string>): CustomDomain {
    const { apiId, stage } = this.args;
    return new CustomDomain(`${this.name}-${use}`, { domainName, certificateArn, apiId, stage }, { parent: this });
  }

  private createApiRecord(domain: CustomDomain, probeName: string): void {
    const { region, role, services } = this.args;
    const alias = { ...this.args, domainName: this.args.apiName, target: domain.target };
    if (role === "only") {
      createAlias(`${this.name}-api-record`, alias, { parent: this });
      return;
    }
    const paths = Object.fromEntries(services.map((service) => [service.name, `/${service.name}/healthz`]));
    const health = new RegionHealth(`${this.name}-health`, { probeName, paths }, { parent: this });
    createFailoverAlias(
      `${this.name}-api-record`,
      { ...alias, region, role: role === "primary" ? "PRIMARY" : "SECONDARY", healthCheckId: health.healthCheckId },
      { parent: this },
    );
  }
}

/** `eu-west-1.api.example.com`. */
export function probeNameOf(apiName: string, region: string): string {
  return `${region}.${apiName}`;
}
