import { requireTrue } from "../../core/require";
import type { ResourceRule } from "../../core/rule";

export const repositoryScan: ResourceRule = {
  scope: "resource",
  name: "repository-scan",
  types: ["aws:ecr/repository:Repository"],
  holds: "Images are scanned when they are pushed.",
  why: "A known hole in a package is found before it runs.",
  mend: "set imageScanningConfiguration.scanOnPush to true",
  severity: "high",
  level: "mandatory",
  ids: { F: ["ECR.1"], K: ["163"] },
  check(repository, context) {
    requireTrue(repository, context, "imageScanningConfiguration.scanOnPush", "scan images on push");
  },
};
