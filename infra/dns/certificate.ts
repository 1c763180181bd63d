import * as acm from "@pulumi/aws/acm";
import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of `ValidatedCertificate`. */
export interface CertificateArgs {
  readonly domainName: string;
  readonly alternativeNames: readonly string[];
  /**
   * Names whose validation record this region makes. ACM asks for the same record in every region of an account, so the
   * record of a name that two regions share is made by one of them only.
   */
  readonly validatedNames: readonly string[];
  readonly hostedZoneId: pulumi.Input<string>;
}

/** A regional ACM certificate and the DNS records that validate it. */
export class ValidatedCertificate extends pulumi.ComponentResource {
  /** ARN of the certificate, known once it is issued. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:dns:ValidatedCertificate", name, {}, opts);
    const certificate = new acm.Certificate(
      `${name}-certificate`,
      {
        domainName: args.domainName,
        subjectAlternativeNames: [...args.alternativeNames],
        validationMethod: "DNS",
        keyAlgorithm: "RSA_2048",
      },
      { parent: this },
    );
    const records = args.validatedNames.map((domainName) => this.createRecord(name, domainName, certificate, args));
    const validation = new acm.CertificateValidation(
      `${name}-validation`,
      { certificateArn: certificate.arn },
      { parent: this, dependsOn: records },
    );
    this.arn = validation.certificateArn;
    this.registerOutputs({ arn: this.arn });
  }

  /**
   * Makes a validation record. Its option is found by name: the options have no order and are unknown at the first
   * preview.
   */
  private createRecord(name: string, domainName: string, certificate: acm.Certificate, args: CertificateArgs) {
    const option = certificate.domainValidationOptions.apply((options) => {
      const found = options.find((each) => each.domainName === domainName);
      if (found === undefined) throw new Error(`certificate "${name}" has no validation option for ${domainName}`);
      return found;
    });
    return new route53.Record(
      `${name}-${domainName}-validation`,
      {
        zoneId: args.hostedZoneId,
        name: option.resourceRecordName,
        type: option.resourceRecordType,
        records: [option.resourceRecordValue],
        ttl: 60,
      },
      { parent: this },
    );
  }
}
