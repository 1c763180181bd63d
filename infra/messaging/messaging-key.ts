import * as kms from "@pulumi/aws/kms";
import type * as pulumi from "@pulumi/pulumi";
import { keyPolicy } from "../security/resource-policy";

/** Arguments of `createMessagingKey`. */
export interface MessagingKeyArgs {
  readonly account: pulumi.Input<string>;
  /** Whether buckets tell queues of uploads. */
  readonly uploads: boolean;
}

/**
 * Makes the key that encrypts the topics and queues of a region. AWS services that write to an encrypted queue by themselves
 * may not use the keys that AWS manages: their messages would be lost without an error. Roles of the account use it by their
 * own policies.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
 */
export function createMessagingKey(
  name: string,
  { account, uploads }: MessagingKeyArgs,
  opts: pulumi.CustomResourceOptions,
): kms.Key {
  const senders = ["sns.amazonaws.com", ...(uploads ? ["s3.amazonaws.com"] : [])];
  return new kms.Key(
    name,
    {
      description: "Encrypts the messages of services",
      enableKeyRotation: true,
      // Messages that wait can be read for as long.
      deletionWindowInDays: 30,
      policy: keyPolicy(account, [
        {
          Sid: "Senders",
          Effect: "Allow",
          Principal: { Service: senders },
          Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
          Condition: { StringEquals: { "aws:SourceAccount": account } },
        },
      ]),
    },
    opts,
  );
}
