import type { CatalogueIds, RuleFacts } from "./rule";

/** `28` is CKV_AWS_28, `g20` is CKV2_AWS_20. */
export function checkovId(id: string): string {
  return id.startsWith("g") ? `CKV2_AWS_${id.slice(1)}` : `CKV_AWS_${id}`;
}

/** Ids without a pack of their own belong to AwsSolutions when they are a code and a number. */
export function nagId(id: string): string {
  return /^[A-Z][A-Za-z0-9]{1,4}\d+$/.test(id) && !id.startsWith("EC2IMDS") ? `AwsSolutions-${id}` : id;
}

/** Everything people search a finding by. */
export function tagsOf({ ids, level, settings }: RuleFacts): string[] {
  return [
    ...(ids.F ?? []).map((id) => `fsbp:${id}`),
    ...(ids.N ?? []).map((id) => `cdk-nag:${nagId(id)}`),
    ...(ids.K ?? []).map((id) => `checkov:${checkovId(id)}`),
    ...(ids.availability === undefined ? [] : [`availability:${ids.availability}`]),
    `level:${level}`,
    ...(settings === undefined ? [] : ["configurable"]),
  ];
}

/** Security Hub keeps one page per service, with an anchor per control. */
export function urlOf({ url, ids }: Pick<RuleFacts, "url" | "ids">): string {
  if (url !== undefined) return url;
  const [first] = ids.F ?? [];
  if (first !== undefined) {
    const [service = "", number = ""] = first.toLowerCase().split(".");
    return `https://docs.aws.amazon.com/securityhub/latest/userguide/${service}-controls.html#${service}-${number}`;
  }
  return ids.availability === undefined
    ? "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/welcome.html"
    : "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/welcome.html";
}

export function frameworkOf({ ids }: { readonly ids: CatalogueIds }) {
  return ids.availability === undefined
    ? {
        name: "AWS Foundational Security Best Practices",
        version: "1.0.0",
        reference: (ids.F ?? []).join(", "),
        specification: "Security",
      }
    : {
        name: "AWS Well-Architected Framework, Reliability Pillar",
        version: "2024-11",
        reference: `availability rule ${ids.availability}`,
        specification: "Reliability",
      };
}
