import type * as pulumi from "@pulumi/pulumi";
import { allow, type Statement, throughSqs } from "../security/iam";

/**
 * Returns the statements that let a function be started by queues: Lambda reads them with the permissions of its role.
 * @param queueArns  queues of one region
 * @param keyArn  key that encrypts their messages
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function receiveStatements(
  region: string,
  queueArns: readonly pulumi.Input<string>[],
  keyArn: pulumi.Input<string>,
): Statement[] {
  const actions = ["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "ReceiveMessage"];
  return [
    allow(
      actions.map((action) => `sqs:${action}`),
      queueArns,
    ),
    allow(["kms:Decrypt"], keyArn, throughSqs(region)),
  ];
}
