import * as route53 from "@pulumi/aws/route53";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of `MailRecords`. */
export interface MailRecordsArgs {
  /** Domain that SES sends mail from. @example "example.com" */
  readonly domain: string;
  /** Names of the records that SES looks for, without the domain. */
  readonly tokens: pulumi.Input<pulumi.Input<string>[]>;
  /** How many there are; a plan knows that before SES has made them. */
  readonly count: number;
  readonly hostedZoneId: pulumi.Input<string>;
}

/** The records by which SES verifies a domain, and by which those who receive mail know that it is the domain's (DKIM). */
export class MailRecords extends pulumi.ComponentResource {
  constructor(name: string, args: MailRecordsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:dns:MailRecords", name, {}, opts);
    const { domain, tokens, count, hostedZoneId } = args;
    for (let i = 0; i < count; i++) {
      const token = pulumi.output(tokens).apply((all) => all[i] ?? "");
      new route53.Record(
        `${name}-${i + 1}`,
        {
          zoneId: hostedZoneId,
          name: pulumi.interpolate`${token}._domainkey.${domain}`,
          type: "CNAME",
          ttl: 600,
          records: [pulumi.interpolate`${token}.dkim.amazonses.com`],
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
