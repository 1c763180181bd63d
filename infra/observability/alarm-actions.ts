import type { Input } from "@pulumi/pulumi";

/** The topic that an alarm notifies. */
export interface AlarmTarget {
  /** ARN of the region's SNS topic. @default none: the alarm only rolls deployments back */
  readonly alarmTopicArn?: Input<string>;
}

/** Returns the inputs that make an alarm notify the topic when it goes off and when it recovers. */
export function alarmActions({ alarmTopicArn }: AlarmTarget) {
  return alarmTopicArn === undefined ? {} : { alarmActions: [alarmTopicArn], okActions: [alarmTopicArn] };
}
