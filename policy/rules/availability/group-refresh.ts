import { block, isTrue, list, number, text } from "../../core/read";
import type { StackRule } from "../../core/rule";
import { T } from "../../core/types";
import { peek } from "../../core/unknown";
import { templateOf } from "../../core/workloads";

export const groupRefresh: StackRule = {
  scope: "stack",
  name: "group-refresh",
  types: [T.group],
  holds: "A new template reaches the servers a few at a time, and a bad one is stopped.",
  why: "Without it servers keep the old image until they fail, and then start an untried one.",
  mend: "set instanceRefresh with minHealthyPercentage 100, and autoRollback or alarmSpecification",
  severity: "medium",
  level: "production",
  ids: { availability: 8 },
  url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html",
  check(group, { stack, report }) {
    const preferences = block(block(group.props["instanceRefresh"])["preferences"]);
    if (group.props["instanceRefresh"] === undefined)
      return report(group, "must refresh its servers, got no instanceRefresh");
    const least = number(preferences["minHealthyPercentage"]) ?? 90; // AWS's default
    if (least < 100) report(group, `must keep every server while it refreshes, got minHealthyPercentage ${least}`);
    // EC2 cannot roll back to an image that a parameter names; then only an alarm can stop a refresh.
    const template = templateOf(group, stack);
    const byParameter = template !== undefined && text(template.props["imageId"]).startsWith("resolve:ssm:");
    const alarms = peek(() => list(block(preferences["alarmSpecification"])["alarms"]).length) !== 0;
    const undone = isTrue(preferences["autoRollback"]) && !byParameter;
    if (!undone && !alarms)
      report(
        group,
        `must ${byParameter ? "be stopped by an alarm" : "undo a bad refresh"}, got neither autoRollback nor alarms`,
      );
  },
};
