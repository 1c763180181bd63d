import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";

export const groupNotifications: StackRule = {
  scope: "stack",
  name: "group-notifications",
  types: [T.group],
  holds: "Launches and failures of a group are announced.",
  why: "A group that replaces servers all night looks healthy in the morning.",
  mend: "add an aws.autoscaling.Notification for the group",
  severity: "low",
  level: "advisory",
  ids: { N: ["AS3"] },
  url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-sns-notifications.html",
  check(group, { stack, report }) {
    const found = stack.referrers(group, "aws:autoscaling/notification:Notification", "groupNames");
    if (found.length === 0) report(group, "must announce its launches and failures, got no notification");
  },
};
