import type { Input } from "@pulumi/pulumi";

/** Topic that an alarm notifies. */
export interface AlarmTarget {
  /** SNS topic of the region; without it the alarm only rolls deployments back. */
  readonly alarmTopicArn?: Input<string>;
}

/** Returns the inputs of an alarm that notify the topic when it goes off and when it recovers. */
export function alarmActions({ alarmTopicArn }: AlarmTarget) {
  return alarmTopicArn === undefined ? {} : { alarmActions: [alarmTopicArn], okActions: [alarmTopicArn] };
}
