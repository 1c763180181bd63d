import * as acm from "@pulumi/aws/acm";
import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";

export interface CertificateArgs {
  readonly domainName: string;
  readonly alternativeNames: readonly string[];
  /**
   * Names whose validation record this region makes. ACM asks for the same record in every region of an account, so
   * that a name shared by two regions is validated by one of them only.
   */
  readonly validatedNames: readonly string[];
  readonly hostedZoneId: pulumi.Input<string>;
}

/** A regional certificate, issued once its DNS records are found. */
export class ValidatedCertificate extends pulumi.ComponentResource {
  /** Known once the certificate is issued. */
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

  /** By name and not by position: the options come in no order and are unknown at the first preview. */
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
