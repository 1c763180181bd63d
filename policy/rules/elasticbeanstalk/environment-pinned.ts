import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { pinnedPlatform, settings } from "../../core/workloads";

export const environmentPinned: ResourceRule = {
  scope: "resource",
  name: "environment-pinned",
  types: [T.beanstalk],
  holds: "A platform that the program pins is a choice: nobody else updates it.",
  why: "AWS retires old platforms, and holes in them stay open until somebody names a newer one.",
  mend: "name the newest platform at every release, or leave it to managed updates",
  severity: "medium",
  level: "advisory",
  ids: {},
  url: "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.platform.upgrade.html",
  check(environment, { report }) {
    if (settings(environment)("aws:elasticbeanstalk:managedactions", "ManagedActionsEnabled") === "true") return;
    const pinned = pinnedPlatform(environment);
    if (pinned.length > 0) report(environment, `must be moved on by the program alone, got ${pinned.join(" and ")}`);
  },
};
