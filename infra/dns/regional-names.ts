import * as pulumi from "@pulumi/pulumi";
import type { ServiceSpec } from "../contract/service";
import { createAlias, createFailoverAlias } from "./alias";
import { ValidatedCertificate } from "./certificate";
import { CustomDomain } from "./custom-domain";
import { RegionHealth, regionProbePath } from "./health-check";

/** Arguments of `RegionalNames`. */
export interface RegionalNamesArgs {
  readonly region: string;
  /** Name that clients use. @example "api.example.com" */
  readonly apiName: string;
  readonly hostedZoneId: pulumi.Input<string>;
  readonly apiId: pulumi.Input<string>;
  /** Stage that the root of the names leads to. */
  readonly stage: pulumi.Input<string>;
  /** Stages by the base path that leads to them. @default none */
  readonly moreStages?: Readonly<Record<string, pulumi.Input<string>>>;
  readonly services: readonly Pick<ServiceSpec, "name">[];
  /** Part of the region in failover; `only` when there is no other region, and so no failover. */
  readonly role: "only" | "primary" | "secondary";
}

/** The domain names of one region's API: the one that clients use, and the region's own, which health checks use. */
export class RegionalNames extends pulumi.ComponentResource {
  constructor(name: string, args: RegionalNamesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:dns:RegionalNames", name, {}, opts);
    const probeName = regionalDomainName(args.apiName, args.region);
    const certificateArn = this.createCertificate(name, args, probeName);
    const own = this.createDomain(name, args, "probe", probeName, certificateArn);
    const shared = this.createDomain(name, args, "api", args.apiName, certificateArn);
    createAlias(`${name}-probe-record`, { ...args, domainName: probeName, target: own.target }, { parent: this });
    this.createApiRecord(name, args, shared, probeName);
    this.registerOutputs({});
  }

  private createCertificate(name: string, args: RegionalNamesArgs, probeName: string): pulumi.Output<string> {
    const { apiName, hostedZoneId, role } = args;
    const certificate = new ValidatedCertificate(
      `${name}-tls`,
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

  private createDomain(
    name: string,
    args: RegionalNamesArgs,
    use: string,
    domainName: string,
    certificateArn: pulumi.Input<string>,
  ): CustomDomain {
    const { apiId, stage, moreStages = {} } = args;
    return new CustomDomain(
      `${name}-${use}`,
      { domainName, certificateArn, apiId, stage, moreStages },
      { parent: this },
    );
  }

  private createApiRecord(name: string, args: RegionalNamesArgs, domain: CustomDomain, probeName: string): void {
    const { region, role, services } = args;
    const alias = { ...args, domainName: args.apiName, target: domain.target };
    if (role === "only") {
      createAlias(`${name}-api-record`, alias, { parent: this });
      return;
    }
    const paths = Object.fromEntries(services.map(({ name: each }) => [each, regionProbePath(each)]));
    const health = new RegionHealth(`${name}-health`, { regionalName: probeName, paths }, { parent: this });
    createFailoverAlias(
      `${name}-api-record`,
      { ...alias, region, role: role === "primary" ? "PRIMARY" : "SECONDARY", healthCheckId: health.healthCheckId },
      { parent: this },
    );
  }
}

/**
 * Returns the region's own name of the API.
 * @example regionalDomainName("api.example.com", "eu-west-1") // "eu-west-1.api.example.com"
 */
export function regionalDomainName(apiName: string, region: string): string {
  return `${region}.${apiName}`;
}
