import * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of `CustomDomain`. */
export interface CustomDomainArgs {
  /** @example "api.example.com" */
  readonly domainName: string;
  readonly certificateArn: pulumi.Input<string>;
  readonly apiId: pulumi.Input<string>;
  /** Stage that the root of the domain leads to. */
  readonly stage: pulumi.Input<string>;
  /** Stages by the base path that leads to them. @default none */
  readonly moreStages?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Host name and hosted zone that an alias record points to. */
export interface AliasTarget {
  readonly name: pulumi.Input<string>;
  readonly zoneId: pulumi.Input<string>;
}

/** A custom domain of an API in one region, with TLS 1.2 or newer. Several regions may have the same domain. */
export class CustomDomain extends pulumi.ComponentResource {
  readonly target: AliasTarget;

  constructor(name: string, args: CustomDomainArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:dns:CustomDomain", name, {}, opts);
    const domain = new apigatewayv2.DomainName(
      `${name}-domain`,
      {
        domainName: args.domainName,
        domainNameConfiguration: {
          certificateArn: args.certificateArn,
          endpointType: "REGIONAL",
          securityPolicy: "TLS_1_2",
        },
      },
      { parent: this },
    );
    for (const [path, stage] of Object.entries({ "": args.stage, ...args.moreStages })) {
      new apigatewayv2.ApiMapping(
        path === "" ? `${name}-mapping` : `${name}-${path}-mapping`,
        { apiId: args.apiId, domainName: domain.id, stage, ...(path === "" ? {} : { apiMappingKey: path }) },
        { parent: this },
      );
    }
    this.target = {
      name: domain.domainNameConfiguration.targetDomainName,
      zoneId: domain.domainNameConfiguration.hostedZoneId,
    };
    this.registerOutputs({});
  }
}
