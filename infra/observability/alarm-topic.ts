import * as kms from "@pulumi/aws/kms";
import * as sns from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";

export interface AlarmTopicArgs {
  /** Account whose alarms may notify. */
  readonly account: pulumi.Input<string>;
  /** Addresses to notify; each must confirm once. */
  readonly emails: readonly string[];
}

/** Where the alarms of a region go. */
export class AlarmTopic extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(
    private readonly name: string,
    private readonly args: AlarmTopicArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("platform:observability:AlarmTopic", name, {}, opts);
    const topic = new sns.Topic(`${name}-topic`, { kmsMasterKeyId: this.createKey().arn }, { parent: this });
    this.createPolicy(topic);
    for (const [i, endpoint] of args.emails.entries()) {
      new sns.TopicSubscription(
        `${name}-email-${i + 1}`,
        { topic: topic.arn, protocol: "email", endpoint },
        { parent: this },
      );
    }
    this.arn = topic.arn;
    this.registerOutputs({ arn: this.arn });
  }

  /** A key of our own: CloudWatch may not use the one AWS manages for SNS, and would fail in silence. */
  private createKey(): kms.Key {
    const { account } = this.args;
    return new kms.Key(
      `${this.name}-key`,
      {
        description: "Encrypts alarm notifications",
        enableKeyRotation: true,
        deletionWindowInDays: 7,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "Administration",
              Effect: "Allow",
              Principal: { AWS: pulumi.interpolate`arn:aws:iam::${account}:root` },
              Action: "kms:*",
              Resource: "*",
            },
            { Sid: "Alarms", ...alarmsOf(account), Action: ["kms:Decrypt", "kms:GenerateDataKey*"], Resource: "*" },
          ],
        }),
      },
      { parent: this },
    );
  }

  private createPolicy(topic: sns.Topic): void {
    new sns.TopicPolicy(
      `${this.name}-policy`,
      {
        arn: topic.arn,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            { Sid: "Alarms", ...alarmsOf(this.args.account), Action: "sns:Publish", Resource: topic.arn },
            {
              Sid: "TlsOnly",
              Effect: "Deny",
              Principal: "*",
              Action: "sns:Publish",
              Resource: topic.arn,
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
          ],
        }),
      },
      { parent: this },
    );
  }
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html */
function alarmsOf(account: pulumi.Input<string>) {
  return {
    Effect: "Allow",
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Condition: { StringEquals: { "aws:SourceAccount": account } },
  };
}
