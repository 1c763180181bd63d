import * as sesv2 from "@pulumi/aws/sesv2";
import * as pulumi from "@pulumi/pulumi";

/** Who sends messages by Amazon SES. */
export interface Sender {
  /** ARN of a verified identity of SES. */
  readonly identityArn: pulumi.Input<string>;
  /** Address that messages come from. */
  readonly from: string;
}

/** Number of records by which SES verifies a domain. */
export const DKIM_RECORDS = 3;

/**
 * The identity of SES that messages to people come from: the domain of their address. SES verifies it by records in the
 * hosted zone, `dkimRecords`, which takes minutes to hours after the zone is delegated.
 */
export class MailIdentity extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** Names of the records that SES looks for, without the domain. */
  readonly tokens: pulumi.Output<string[]>;

  /** @param args.from  address that messages come from. @example "no-reply@example.com" */
  constructor(name: string, args: { readonly from: string }, opts?: pulumi.ComponentResourceOptions) {
    super("platform:identity:MailIdentity", name, {}, opts);
    const identity = new sesv2.EmailIdentity(
      `${name}-identity`,
      {
        emailIdentity: domainOfAddress(args.from),
        dkimSigningAttributes: { nextSigningKeyLength: "RSA_2048_BIT" },
      },
      { parent: this },
    );
    this.arn = identity.arn;
    this.tokens = identity.dkimSigningAttributes.apply(({ tokens }) => tokens ?? []);
    this.registerOutputs({ arn: this.arn });
  }
}

/** Returns the domain of an e-mail address. @example domainOfAddress("no-reply@Example.com") // "example.com" */
export function domainOfAddress(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}
