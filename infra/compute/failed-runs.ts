import type * as pulumi from "@pulumi/pulumi";
import type { ServiceSpec } from "../contract/service";
import { createQueue, deadLetterAlarm, longestRetentionSeconds } from "../messaging/queue";
import type { AlarmTarget } from "../observability/alarm-actions";
import { allow, type Statement } from "../security/iam";

/** Arguments of `createFailedRuns`. */
export interface FailedRunsArgs extends AlarmTarget {
  readonly service: Pick<ServiceSpec, "name">;
}

/** The queue of a service's runs that failed for good. */
export interface FailedRuns {
  readonly arn: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  /** Statement that allows putting runs into the queue. */
  readonly maySend: Statement;
}

/**
 * Makes the queue of a service's runs that failed for good, `${name}-failed`, and an alarm that goes off while it has
 * any.
 */
export function createFailedRuns(name: string, args: FailedRunsArgs, opts: pulumi.CustomResourceOptions): FailedRuns {
  const { queue } = createQueue(`${name}-failed`, { messageRetentionSeconds: longestRetentionSeconds }, opts);
  deadLetterAlarm(
    `${name}-failed-alarm`,
    {
      alarmTopicArn: args.alarmTopicArn,
      queue,
      description: `A scheduled run of ${args.service.name} failed for good; its event is in the queue`,
    },
    opts,
  );
  return { arn: queue.arn, url: queue.url, maySend: allow(["sqs:SendMessage"], queue.arn) };
}
