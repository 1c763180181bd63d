import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as cognito from "@pulumi/aws/cognito";
import * as pulumi from "@pulumi/pulumi";
import { alarmActions } from "../observability/alarm-actions";
import { createLogGroup } from "../observability/log-group";
import { accountIdOf } from "../security/iam";

/** The log of messages that a user pool could not deliver: who waits for a code that never arrives is in no other log. */
export class MessageLog extends pulumi.ComponentResource {
  /** Id of the AWS account that has the log. */
  readonly account: pulumi.Output<string>;
  private readonly group: cloudwatch.LogGroup;

  constructor(
    private readonly name: string,
    args: { readonly logRetentionDays: number },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("platform:identity:MessageLog", name, {}, opts);
    // Without a key of its own: Cognito writes to no group that has one.
    this.group = createLogGroup(`${name}-logs`, args, { parent: this });
    this.account = accountIdOf(this.group.arn);
    this.registerOutputs({});
  }

  /** Has a user pool write the log, and makes an alarm that goes off when it does. */
  record(userPoolId: pulumi.Input<string>, alarmTopicArn: pulumi.Input<string>): void {
    new cognito.LogDeliveryConfiguration(
      `${this.name}-delivery`,
      {
        userPoolId,
        logConfigurations: [
          {
            eventSource: "userNotification",
            logLevel: "ERROR",
            cloudWatchLogsConfiguration: { logGroupArn: this.group.arn },
          },
        ],
      },
      { parent: this },
    );
    this.createAlarm(alarmTopicArn);
  }

  /** The pool writes errors alone into the group, so that each line is a message that someone waits for. */
  private createAlarm(alarmTopicArn: pulumi.Input<string>): void {
    const filter = new cloudwatch.LogMetricFilter(
      `${this.name}-undelivered-filter`,
      {
        logGroupName: this.group.name,
        // Every line, in whatever form Cognito writes it.
        pattern: "",
        metricTransformation: {
          namespace: "Platform/Identity",
          name: this.group.name,
          value: "1",
          defaultValue: "0",
          unit: "Count",
        },
      },
      { parent: this },
    );
    new cloudwatch.MetricAlarm(
      `${this.name}-undelivered`,
      {
        alarmDescription: "Messages of the user pool are not delivered: people wait for codes; the log says why",
        namespace: "Platform/Identity",
        metricName: filter.metricTransformation.name,
        statistic: "Sum",
        period: 300,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: 1,
        evaluationPeriods: 1,
        treatMissingData: "notBreaching",
        ...alarmActions({ alarmTopicArn }),
      },
      { parent: this },
    );
  }
}
