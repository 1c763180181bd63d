import * as cognito from "@pulumi/aws/cognito";
import * as pulumi from "@pulumi/pulumi";
import { CLOUDFRONT_REGION, createProvider } from "../region/other-region";
import { createAlias } from "./alias";
import { ValidatedCertificate } from "./certificate";

/** Arguments of `SignInDomain`. */
export interface SignInDomainArgs {
  readonly userPoolId: pulumi.Input<string>;
  /** Name of the sign-in page, one label below a name that has an A record. @example "sign-in.api.example.com" */
  readonly domainName: string;
  readonly hostedZoneId: pulumi.Input<string>;
}

/**
 * The sign-in page's own name: its certificate, its domain at the user pool and its alias record. Cognito refuses a domain
 * whose parent has no A record, so that this must depend on what makes that record. The page is behind CloudFront, which
 * takes up to an hour to know a new domain.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-add-custom-domain.html
 */
export class SignInDomain extends pulumi.ComponentResource {
  constructor(name: string, args: SignInDomainArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:dns:SignInDomain", name, {}, opts);
    const { userPoolId, domainName, hostedZoneId } = args;
    const provider = createProvider(name, CLOUDFRONT_REGION);
    const certificate = new ValidatedCertificate(
      `${name}-tls`,
      { domainName, alternativeNames: [], validatedNames: [domainName], hostedZoneId },
      { parent: this, provider },
    );
    const domain = new cognito.UserPoolDomain(
      `${name}-domain`,
      { userPoolId, domain: domainName, certificateArn: certificate.arn, managedLoginVersion: 2 },
      { parent: this },
    );
    const target = { name: domain.cloudfrontDistribution, zoneId: domain.cloudfrontDistributionZoneId };
    const record = { hostedZoneId, domainName, target, evaluateTargetHealth: false };
    createAlias(`${name}-record`, record, { parent: this });
    this.registerOutputs({});
  }
}
