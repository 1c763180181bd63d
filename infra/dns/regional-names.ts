import * as pulumi from "@pulumi/pulumi";
import type { ServiceSpec } from "../contract/service";
import { createAlias, createFailoverAlias, type FailoverArgs } from "./alias";
import { ValidatedCertificate } from "./certificate";
import { CustomDomain } from "./custom-domain";
import { RegionHealth, regionProbePath } from "./health-check";

/** A service of the API, as failover sees it. */
export interface FailoverService extends Pick<ServiceSpec, "name"> {
  /** Whether the name that clients use moves by its health. */
  readonly critical: boolean;
  /** Name of its own in this API, which moves by its health alone. @default none */
  readonly failoverName?: string;
}

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
  readonly services: readonly FailoverService[];
  /**
   * The health check that moves the name that clients use, of names whose API answers no health check itself.
   * @default that of the services
   */
  readonly healthCheckId?: pulumi.Output<string>;
  /**
   * How many critical services must be healthy, at least, for the names to stay with the region.
   * @default all of them
   */
  readonly atLeast?: number;
  /** Part of the region in failover; `only` when there is no other region, and so no failover. */
  readonly role: "only" | "primary" | "secondary";
}

/** The domain names of one region's API: the one that clients use, and the region's own, which health checks use. */
export class RegionalNames extends pulumi.ComponentResource {
  /** The health check that moves the name that clients use. @default unset, where there is no other region */
  readonly healthCheckId?: pulumi.Output<string>;

  constructor(name: string, args: RegionalNamesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:dns:RegionalNames", name, {}, opts);
    const probeName = regionalDomainName(args.apiName, args.region);
    const certificateArn = this.createCertificate(name, args, probeName);
    const own = this.createDomain(name, args, "probe", probeName, certificateArn);
    const shared = this.createDomain(name, args, "api", args.apiName, certificateArn);
    createAlias(`${name}-probe-record`, { ...args, domainName: probeName, target: own.target }, { parent: this });
    const health =
      args.role === "only" || args.healthCheckId !== undefined ? undefined : this.createHealth(name, args, probeName);
    const healthCheckId = args.healthCheckId ?? health?.healthCheckId;
    const record = { domainName: args.apiName, target: shared.target };
    this.createNameRecord(`${name}-api-record`, args, record, healthCheckId);
    for (const service of args.services) if (service.failoverName) this.createServiceName(name, args, service, health);
    if (healthCheckId !== undefined) this.healthCheckId = healthCheckId;
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

  /** Makes the checks of the services that move a name: that of all clients, or their own. */
  private createHealth(name: string, { services, atLeast }: RegionalNamesArgs, regionalName: string): RegionHealth {
    const moving = services.filter(({ critical, failoverName }) => critical || failoverName !== undefined);
    const critical = services.filter((service) => service.critical).map((service) => service.name);
    return new RegionHealth(
      `${name}-health`,
      {
        regionalName,
        paths: Object.fromEntries(moving.map((service) => [service.name, regionProbePath(service.name)])),
        critical,
        atLeast: atLeast ?? critical.length,
      },
      { parent: this },
    );
  }

  /** Makes the name of a service's own: a certificate, a domain that leads to the same API, and the failover record. */
  private createServiceName(
    name: string,
    args: RegionalNamesArgs,
    { name: service, failoverName: domainName = "" }: FailoverService,
    health: RegionHealth | undefined,
  ): void {
    const { hostedZoneId, role } = args;
    const certificate = new ValidatedCertificate(
      `${name}-${service}-own-tls`,
      { domainName, alternativeNames: [], validatedNames: role === "secondary" ? [] : [domainName], hostedZoneId },
      { parent: this },
    );
    const { target } = this.createDomain(name, args, `${service}-own`, domainName, certificate.arn);
    const healthCheckId = health?.serviceCheckIds[service];
    this.createNameRecord(`${name}-${service}-own-record`, args, { domainName, target }, healthCheckId);
  }

  private createNameRecord(
    name: string,
    { region, role, hostedZoneId }: RegionalNamesArgs,
    record: Pick<FailoverArgs, "domainName" | "target">,
    healthCheckId: pulumi.Output<string> | undefined,
  ): void {
    const alias = { ...record, hostedZoneId };
    if (healthCheckId === undefined) {
      createAlias(name, alias, { parent: this });
      return;
    }
    createFailoverAlias(
      name,
      { ...alias, region, role: role === "primary" ? "PRIMARY" : "SECONDARY", healthCheckId },
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
