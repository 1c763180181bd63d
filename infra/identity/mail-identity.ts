import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as sesv2 from "@pulumi/aws/sesv2";
import * as pulumi from "@pulumi/pulumi";
import { alarmActions } from "../observability/alarm-actions";

/** Who sends messages by Amazon SES. */
export interface Sender {
  /** ARN of a verified identity of SES. */
  readonly identityArn: pulumi.Input<string>;
  /** Address that messages come from. */
  readonly from: string;
}

/** Arguments of `MailIdentity`. */
export interface MailIdentityArgs {
  /** Address that messages come from. @example "no-reply@example.com" */
  readonly from: string;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/**
 * Shares of an account's messages at which AWS reviews it; at twice and at five times as many it stops the account's sending.
 * @see https://docs.aws.amazon.com/ses/latest/dg/reputationdashboardmessages.html
 */
const reviewed = [
  { part: "bounces", metricName: "Reputation.BounceRate", threshold: 0.05, what: "bounce" },
  { part: "complaints", metricName: "Reputation.ComplaintRate", threshold: 0.001, what: "are reported as spam" },
] as const;

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

  constructor(name: string, args: MailIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:identity:MailIdentity", name, {}, opts);
    const identity = new sesv2.EmailIdentity(
      `${name}-identity`,
      {
        emailIdentity: domainOfAddress(args.from),
        dkimSigningAttributes: { nextSigningKeyLength: "RSA_2048_BIT" },
      },
      { parent: this },
    );
    this.createAlarms(name, args);
    this.arn = identity.arn;
    this.tokens = identity.dkimSigningAttributes.apply(({ tokens }) => tokens ?? []);
    this.registerOutputs({ arn: this.arn });
  }

  private createAlarms(name: string, { alarmTopicArn }: MailIdentityArgs): void {
    for (const { part, metricName, threshold, what } of reviewed) {
      new cloudwatch.MetricAlarm(
        `${name}-${part}`,
        {
          alarmDescription: `So many of the account's messages ${what} that AWS may stop its sending`,
          namespace: "AWS/SES",
          metricName,
          statistic: "Maximum",
          period: 3_600,
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          threshold,
          evaluationPeriods: 1,
          treatMissingData: "ignore",
          ...alarmActions({ alarmTopicArn }),
        },
        { parent: this },
      );
    }
  }
}

/** Returns the domain of an e-mail address. @example domainOfAddress("no-reply@Example.com") // "example.com" */
export function domainOfAddress(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1).toLowerCase();
}
