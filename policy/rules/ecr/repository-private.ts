import { isPublic, statements } from "../../core/iam";
import type { ResourceRule } from "../../core/rule";

export const repositoryPrivate: ResourceRule = {
  scope: "resource",
  name: "repository-private",
  types: ["aws:ecr/repositoryPolicy:RepositoryPolicy"],
  holds: "Only named principals use a repository.",
  why: "Anybody could pull the code, or push his own.",
  mend: "name the accounts or roles in Principal",
  severity: "high",
  level: "mandatory",
  ids: { N: ["ECR1"], K: ["32"] },
  url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html",
  check(policy, { report }) {
    if (statements(policy.props["policy"]).some(isPublic)) report(policy, "must name its principals, got *");
  },
};
