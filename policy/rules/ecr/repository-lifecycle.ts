import type { StackRule } from "../../core/rule";

export const repositoryLifecycle: StackRule = {
  scope: "stack",
  name: "repository-lifecycle",
  types: ["aws:ecr/repository:Repository"],
  holds: "Old images expire.",
  why: "They cost, and somebody may roll back to one with known holes.",
  mend: "add an aws.ecr.LifecyclePolicy",
  severity: "low",
  level: "advisory",
  ids: { F: ["ECR.3"] },
  check(repository, { stack, report }) {
    const found = stack.referrers(repository, "aws:ecr/lifecyclePolicy:LifecyclePolicy", "repository");
    if (found.length === 0) report(repository, "must let old images expire, got no lifecycle policy");
  },
};
