import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as cognito from "@pulumi/aws/cognito";
import * as pulumi from "@pulumi/pulumi";
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

  /** Has a user pool write the log. */
  record(userPoolId: pulumi.Input<string>): void {
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
  }
}
