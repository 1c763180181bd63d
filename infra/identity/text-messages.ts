import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as cognito from "@pulumi/aws/cognito";
import * as pulumi from "@pulumi/pulumi";
import { type AlarmTarget, alarmActions } from "../observability/alarm-actions";
import { allow, createRole, deny } from "../security/iam";

/** How phone numbers are verified. */
export interface PhoneSettings {
  /** US dollars of text messages in a month from which operators are told. */
  readonly alarmDollars: number;
}

/** Arguments of `TextMessages`. */
export interface TextMessagesArgs extends PhoneSettings, AlarmTarget {
  readonly region: string;
  readonly account: pulumi.Input<string>;
}

/**
 * What a user pool needs to send text messages: a role that publishes to phone numbers alone, and an alarm on what they
 * cost. Cognito keeps the role and its external id for as long as the pool lives: both can be changed and never removed.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-sms-quotas.html
 */
export class TextMessages extends pulumi.ComponentResource {
  readonly configuration: NonNullable<cognito.UserPoolArgs["smsConfiguration"]>;

  constructor(name: string, args: TextMessagesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:identity:TextMessages", name, {}, opts);
    const { region: snsRegion, account } = args;
    const { role, policy } = createRole(
      name,
      {
        description: "Sends text messages of the user pool",
        ...{ awsService: "cognito-idp.amazonaws.com", account, externalId: name },
        // A phone number has no ARN; every topic has one.
        statements: [allow(["sns:Publish"], "*"), deny(["sns:Publish"], "arn:aws:sns:*:*:*")],
      },
      { parent: this },
    );
    // Cognito refuses a role that may not publish yet.
    const snsCallerArn = pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
    this.configuration = { externalId: name, snsCallerArn, snsRegion };
    this.createAlarm(name, args);
    this.registerOutputs({});
  }

  /** The metric is of all text messages of the account in this region. */
  private createAlarm(name: string, { alarmDollars, ...target }: TextMessagesArgs): void {
    new cloudwatch.MetricAlarm(
      `${name}-spent`,
      {
        alarmDescription: `Text messages of this month cost more than ${alarmDollars} dollars: people sign up, or someone makes the pool send`,
        namespace: "AWS/SNS",
        metricName: "SMSMonthToDateSpentUSD",
        statistic: "Maximum",
        period: 300,
        comparisonOperator: "GreaterThanThreshold",
        threshold: alarmDollars,
        evaluationPeriods: 1,
        treatMissingData: "notBreaching",
        ...alarmActions(target),
      },
      { parent: this },
    );
  }
}
