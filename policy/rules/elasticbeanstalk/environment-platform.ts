import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";
import { settings } from "../../core/workloads";

export const environmentPlatform: ResourceRule = {
  scope: "resource",
  name: "environment-platform",
  types: [T.beanstalk],
  holds: "The platform version is moved by managed updates or by the program, never by both.",
  why: "Managed updates move it on, and the next update of the program moves it back, or fails because AWS no longer offers the old one.",
  mend: "add solutionStackName and platformArn to ignoreChanges, or turn managed updates off",
  severity: "high",
  level: "mandatory",
  ids: {},
  url: "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/environment-platform-update-managed.html",
  check(environment, { report }) {
    const managed = settings(environment)("aws:elasticbeanstalk:managedactions", "ManagedActionsEnabled") === "true";
    const pinned = ["solutionStackName", "platformArn"].filter((name) => environment.props[name] !== undefined);
    const moved = pinned.filter((name) => !environment.ignores(name));
    if (managed && moved.length > 0)
      report(environment, `must leave its platform to managed updates, got ${moved.join(" and ")} in the program too`);
  },
};
