import { requireOneOf, requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { isPublic, statements } from "../../stack/iam";

/** Rules for ECR. */
export const ecrRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "repository-immutable",
    types: ["aws:ecr/repository:Repository"],
    description: "A tag of an image never moves.",
    rationale: "A task that restarts at night would run other code than its neighbours.",
    fix: "set imageTagMutability to IMMUTABLE",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["ECR.2"], checkov: ["CKV_AWS_51"] },
    check(repository, context) {
      requireOneOf(
        repository,
        context,
        "imageTagMutability",
        ["IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"],
        "have immutable tags",
      );
    },
  },
  {
    scope: "stack",
    name: "repository-lifecycle",
    types: ["aws:ecr/repository:Repository"],
    description: "Old images expire.",
    rationale: "They cost, and somebody may roll back to one with known holes.",
    fix: "add an aws.ecr.LifecyclePolicy",
    severity: "low",
    level: "advisory",
    ids: { securityHub: ["ECR.3"] },
    check(repository, { stack, report }) {
      const found = stack.referrers(repository, "aws:ecr/lifecyclePolicy:LifecyclePolicy", "repository");
      if (found.length === 0) report(repository, "must let old images expire, got no lifecycle policy");
    },
  },
  {
    scope: "resource",
    name: "repository-private",
    types: ["aws:ecr/repositoryPolicy:RepositoryPolicy"],
    description: "Only named principals use a repository.",
    rationale: "Anybody could pull the code, or push his own.",
    fix: "name the accounts or roles in Principal",
    severity: "high",
    level: "mandatory",
    ids: { cdkNag: ["AwsSolutions-ECR1"], checkov: ["CKV_AWS_32"] },
    url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html",
    check(policy, { report }) {
      if (statements(policy.props["policy"]).some(isPublic)) report(policy, "must name its principals, got *");
    },
  },
  {
    scope: "resource",
    name: "repository-scan",
    types: ["aws:ecr/repository:Repository"],
    description: "Images are scanned when they are pushed.",
    rationale: "A known hole in a package is found before it runs.",
    fix: "set imageScanningConfiguration.scanOnPush to true",
    severity: "high",
    level: "mandatory",
    ids: { securityHub: ["ECR.1"], checkov: ["CKV_AWS_163"] },
    check(repository, context) {
      requireTrue(repository, context, "imageScanningConfiguration.scanOnPush", "scan images on push");
    },
  },
];
