import * as apigateway from "@pulumi/aws/apigateway";
import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";
import type { PrivateEndpoint } from "../contract/layer-outputs";
import { createAlias } from "./alias";
import { ValidatedCertificate } from "./certificate";

/** Arguments of `PrivateName`. */
export interface PrivateNameArgs {
  /** Name that services call, in the zone of the environment. @example "internal.example.com" */
  readonly domainName: string;
  /** Public zone of the environment, in which the certificate is validated. */
  readonly hostedZoneId: pulumi.Input<string>;
  /** Whether this region makes the validation record, which all regions share. */
  readonly validates: boolean;
  readonly vpcId: pulumi.Input<string>;
  readonly endpoint: PrivateEndpoint;
  /** Ids of all endpoints that the name may be used through. */
  readonly admittedEndpoints: pulumi.Input<string> | pulumi.Input<string>[];
  readonly apiId: pulumi.Input<string>;
  readonly stage: pulumi.Input<string>;
  /** Whether the private zone is protected from deletion. */
  readonly protection: boolean;
}

/**
 * The name of a private API in the VPC of a region: a private custom domain, which the VPC's endpoint may use, and a
 * private zone of the whole name, so that no other name of the environment is hidden. Each region has the same name for its
 * own API. The name is known from configuration, so that services can have it before the API is made.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains.html
 */
export class PrivateName extends pulumi.ComponentResource {
  constructor(name: string, args: PrivateNameArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:dns:PrivateName", name, {}, opts);
    const domain = this.createDomain(name, args);
    this.createMapping(name, args, domain);
    new apigateway.DomainNameAccessAssociation(
      `${name}-access`,
      {
        accessAssociationSource: args.endpoint.id,
        accessAssociationSourceType: "VPCE",
        domainNameArn: domain.arn,
      },
      { parent: this },
    );
    this.createRecord(name, args);
    this.registerOutputs({});
  }

  private createDomain(name: string, args: PrivateNameArgs): apigateway.DomainName {
    const { domainName, hostedZoneId, validates } = args;
    const certificate = new ValidatedCertificate(
      `${name}-tls`,
      { domainName, alternativeNames: [], validatedNames: validates ? [domainName] : [], hostedZoneId },
      { parent: this },
    );
    return new apigateway.DomainName(
      `${name}-domain`,
      {
        domainName,
        certificateArn: certificate.arn,
        endpointConfiguration: { types: "PRIVATE" },
        securityPolicy: "TLS_1_2",
        policy: endpointsOnly(args.admittedEndpoints),
      },
      { parent: this },
    );
  }

  private createMapping(name: string, { apiId, stage }: PrivateNameArgs, domain: apigateway.DomainName): void {
    new apigateway.BasePathMapping(
      `${name}-mapping`,
      { domainName: domain.domainName, domainNameId: domain.domainNameId, restApi: apiId, stageName: stage },
      // The provider sends no change of the id alone, which a domain that is made anew has.
      { parent: this, replaceOnChanges: ["domainNameId"], deleteBeforeReplace: true },
    );
  }

  /** Makes the record by which servers and functions of the VPC, and no others, find the endpoint. */
  private createRecord(name: string, { domainName, vpcId, endpoint, protection }: PrivateNameArgs): void {
    const zone = new route53.Zone(
      `${name}-zone`,
      { name: domainName, comment: "The private API, in the VPC", vpcs: [{ vpcId }], forceDestroy: false },
      { parent: this, protect: protection },
    );
    const target = { name: endpoint.dnsName, zoneId: endpoint.dnsZoneId };
    createAlias(`${name}-record`, { hostedZoneId: zone.zoneId, domainName, target }, { parent: this });
  }
}

/**
 * Returns the policy of the domain, which denies all without one: what comes through its endpoints. Who may request what is
 * the policy of the API.
 */
function endpointsOnly(endpoints: PrivateNameArgs["admittedEndpoints"]): pulumi.Output<string> {
  const all = { Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" };
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", ...all },
      { Effect: "Deny", ...all, Condition: { StringNotEquals: { "aws:SourceVpce": endpoints } } },
    ],
  });
}
