import type { CatalogueIds, RuleFacts } from "./rule";

/** Returns everything people search a finding by. */
export function tagsOf({ ids, level, settings }: RuleFacts): string[] {
  return [
    ...(ids.securityHub ?? []).map((id) => `fsbp:${id}`),
    ...(ids.cdkNag ?? []).map((id) => `cdk-nag:${id}`),
    ...(ids.checkov ?? []).map((id) => `checkov:${id}`),
    ...(ids.availability === undefined ? [] : [`availability:${ids.availability}`]),
    `level:${level}`,
    ...(settings === undefined ? [] : ["configurable"]),
  ];
}

/** Returns the page of a rule. Security Hub has a page per service, with an anchor per control. */
export function urlOf({ url, ids }: Pick<RuleFacts, "url" | "ids">): string {
  if (url !== undefined) return url;
  const [first] = ids.securityHub ?? [];
  if (first !== undefined) {
    const [service = "", number = ""] = first.toLowerCase().split(".");
    return `https://docs.aws.amazon.com/securityhub/latest/userguide/${service}-controls.html#${service}-${number}`;
  }
  return ids.availability === undefined
    ? "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/welcome.html"
    : "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/welcome.html";
}

/** Returns the compliance framework that the engine shows for a rule. */
export function frameworkOf({ ids }: { readonly ids: CatalogueIds }) {
  return ids.availability === undefined
    ? {
        name: "AWS Foundational Security Best Practices",
        version: "1.0.0",
        reference: (ids.securityHub ?? []).join(", "),
        specification: "Security",
      }
    : {
        name: "AWS Well-Architected Framework, Reliability Pillar",
        version: "2024-11",
        reference: `availability rule ${ids.availability}`,
        specification: "Reliability",
      };
}
