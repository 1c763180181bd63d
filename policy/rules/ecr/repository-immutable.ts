import { requireOneOf } from "../../core/require";
import type { ResourceRule } from "../../core/rule";

export const repositoryImmutable: ResourceRule = {
  scope: "resource",
  name: "repository-immutable",
  types: ["aws:ecr/repository:Repository"],
  holds: "A tag of an image never moves.",
  why: "A task that restarts at night would run other code than its neighbours.",
  mend: "set imageTagMutability to IMMUTABLE",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["ECR.2"], K: ["51"] },
  check(repository, context) {
    requireOneOf(
      repository,
      context,
      "imageTagMutability",
      ["IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"],
      "have immutable tags",
    );
  },
};
