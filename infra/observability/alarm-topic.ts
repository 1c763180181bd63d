import * as kms from "@pulumi/aws/kms";
import * as sns from "@pulumi/aws/sns";
import * as pulumi from "@pulumi/pulumi";
import { keyPolicy, resourcePolicy, tlsOnly } from "../security/resource-policy";

/** Arguments of `AlarmTopic`. */
export interface AlarmTopicArgs {
  /** Id of the AWS account whose alarms may use the topic. */
  readonly account: pulumi.Input<string>;
  /** Email addresses to notify; each must confirm once. @example ["on-call@example.com"] */
  readonly emails: readonly string[];
}

/** The SNS topic that the alarms of a region notify, its key and its email subscriptions. */
export class AlarmTopic extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: AlarmTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:observability:AlarmTopic", name, {}, opts);
    const topic = new sns.Topic(`${name}-topic`, { kmsMasterKeyId: this.createKey(name, args).arn }, { parent: this });
    this.createPolicy(name, args, topic);
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

  /**
   * Makes the topic's key. CloudWatch may not use the key that AWS manages for SNS: its notifications would be lost
   * without an error.
   */
  private createKey(name: string, args: AlarmTopicArgs): kms.Key {
    const { account } = args;
    return new kms.Key(
      `${name}-key`,
      {
        description: "Encrypts alarm notifications",
        enableKeyRotation: true,
        deletionWindowInDays: 7,
        policy: keyPolicy(account, [
          { Sid: "Alarms", ...alarmGrant(account), Action: ["kms:Decrypt", "kms:GenerateDataKey*"] },
        ]),
      },
      { parent: this },
    );
  }

  private createPolicy(name: string, args: AlarmTopicArgs, topic: sns.Topic): void {
    new sns.TopicPolicy(
      `${name}-policy`,
      {
        arn: topic.arn,
        policy: resourcePolicy([
          { Sid: "Alarms", ...alarmGrant(args.account), Action: "sns:Publish", Resource: topic.arn },
          tlsOnly("sns:Publish", topic.arn),
        ]),
      },
      { parent: this },
    );
  }
}

/**
 * Returns the parts of a statement that allow something to the CloudWatch alarms of an account.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
function alarmGrant(account: pulumi.Input<string>) {
  return {
    Effect: "Allow" as const,
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Condition: { StringEquals: { "aws:SourceAccount": account } },
  };
}
