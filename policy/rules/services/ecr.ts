import { examples } from "../../network/examples";
import { requireOneOf, requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { isPublic, statements } from "../../stack/iam";
import { blocks, show, text } from "../../stack/read";
import { T } from "../../stack/types";
import { hasUnknownPart } from "../../stack/unknown";
import { containers } from "../../stack/workloads";

/** Rules for ECR. */
export const ecrRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "repository-immutable",
    types: ["aws:ecr/repository:Repository"],
    description: "A repository keeps each tag on the image that it was first given to.",
    rationale: "When a tag moves, a task that restarts runs other code than the tasks next to it.",
    fix: "set imageTagMutability to IMMUTABLE",
    severity: "medium",
    level: "production",
    example: examples.immutableTags,
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
    description: "A repository deletes old images.",
    rationale: "Old images cost, and a rollback may start one with known vulnerabilities.",
    fix: "add an aws.ecr.LifecyclePolicy",
    severity: "low",
    level: "advisory",
    ids: { securityHub: ["ECR.3"] },
    check(repository, { stack, report }) {
      const found = stack.referrers(repository, "aws:ecr/lifecyclePolicy:LifecyclePolicy", "repository");
      if (found.length === 0) report(repository, "must delete old images, got no lifecycle policy");
    },
  },
  {
    scope: "resource",
    name: "repository-private",
    types: ["aws:ecr/repositoryPolicy:RepositoryPolicy"],
    description: "The policy of a repository names the principals that may use it.",
    rationale: "Every AWS account could pull the images, or push its own.",
    fix: "name the accounts or roles in Principal",
    severity: "high",
    level: "mandatory",
    ids: { cdkNag: ["AwsSolutions-ECR1"], checkov: ["CKV_AWS_32"] },
    url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html",
    check(policy, { report }) {
      if (statements(policy.props["policy"]).some(isPublic))
        report(policy, 'must name who may use the repository, got Principal "*" without a condition');
    },
  },
  {
    scope: "stack",
    name: "repository-scan",
    types: ["aws:ecr/repository:Repository"],
    description: "A repository scans images for known vulnerabilities.",
    rationale: "A scan at the push finds a known vulnerability before the image runs.",
    fix: "set imageScanningConfiguration.scanOnPush to true, or add an aws.ecr.RegistryScanningConfiguration",
    severity: "medium",
    level: "production",
    example: examples.scannedImages,
    ids: { securityHub: ["ECR.1"], checkov: ["CKV_AWS_163"] },
    check(repository, context) {
      // A registry that scans needs no setting of its repositories: AWS has deprecated theirs.
      const registry = context.stack.of("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration");
      if (registry.some((one) => blocks(one.props["rules"]).length > 0)) return;
      requireTrue(repository, context, "imageScanningConfiguration.scanOnPush", "scan images on push");
    },
  },
  {
    scope: "stack",
    name: "task-image-digest",
    types: [T.ecsTask],
    description: "Containers name their images by digest.",
    rationale:
      "A tag can be moved: a task that restarts then runs other code than was deployed, and a rollback does not help.",
    fix: "name the image by its digest, repository@sha256:<64 hex digits>",
    severity: "low",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
    check(task, { report }) {
      for (const container of containers(task)) {
        const image = text(container["image"]);
        if (image !== "" && !hasUnknownPart(image) && !image.includes("@sha256:"))
          report(task, `must name its image by digest, got ${show(image)} in container "${text(container["name"])}"`);
      }
    },
  },
];
