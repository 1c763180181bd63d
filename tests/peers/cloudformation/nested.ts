import type { CfnResource } from "./mapping";
import type { Template } from "./render";

/** A template, or a part of one, whose parameters are what it refers to in the others. */
export interface NestedTemplate extends Pick<Template, "Resources"> {
  readonly Parameters?: Readonly<Record<string, { readonly Type: "String" }>>;
}

/**
 * Most resources of a template of CloudFormation, which cannot be raised.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
export const mostResources = 500;

/**
 * Divides a template into as many of equal size as CloudFormation needs, as nested stacks are: what a part refers to in
 * another one is a parameter of it.
 */
export function nested({ Resources }: Pick<Template, "Resources">): readonly NestedTemplate[] {
  const all = Object.entries(Resources);
  const size = Math.ceil(all.length / Math.ceil(all.length / mostResources));
  return Array.from({ length: Math.ceil(all.length / size) }, (_, part) =>
    withParameters(Object.fromEntries(all.slice(part * size, (part + 1) * size))),
  );
}

function withParameters(own: Readonly<Record<string, CfnResource>>): NestedTemplate {
  const names = new Set<string>();
  const parameter = (id: string, attribute = "") => {
    const name = (id + attribute).replace(/[^A-Za-z0-9]/g, "");
    names.add(name);
    return { Ref: name };
  };
  const change = (value: any): any => {
    if (Array.isArray(value)) return value.map(change);
    if (typeof value !== "object" || value === null) return value;
    const { Ref: ref, "Fn::GetAtt": attribute } = value;
    if (typeof ref === "string") return ref in own ? value : parameter(ref);
    if (Array.isArray(attribute)) return attribute[0] in own ? value : parameter(attribute[0], attribute[1]);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner)]));
  };
  const changed = Object.entries(own).map(([id, { Type, Properties }]) => [
    id,
    { Type, Properties: change(Properties) },
  ]);
  const Resources: Record<string, CfnResource> = Object.fromEntries(changed);
  return names.size === 0
    ? { Resources }
    : { Resources, Parameters: Object.fromEntries([...names].map((name) => [name, { Type: "String" as const }])) };
}
