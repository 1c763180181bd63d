import type { Rule } from "../../pack/rule";
import { taggable } from "../../stack/policies-of";
import { block, texts } from "../../stack/read";

/** Rules for tags. */
export const tagsRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "resource-tags",
    types: taggable,
    description: "Resources that cost money or keep data have the tags that the configuration asks for.",
    rationale: "Without tags no bill and no search shows which team or project a resource belongs to.",
    fix: "set the tags, on the resource or as the provider's defaultTags",
    severity: "low",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
    settings: {
      required: { type: "array", description: "Keys of the tags that each of these resources has.", default: [] },
      values: { type: "object", description: "Values that remediation sets, by key.", default: {} },
    },
    check(resource, { report, setting }) {
      const own = { ...block(block(resource.provider()["defaultTags"])["tags"]), ...block(resource.props["tags"]) };
      const missing = texts(setting("required")).filter((key) => own[key] === undefined);
      if (missing.length > 0) report(resource, `must have the configured tags, got no ${missing.join(", ")}`);
    },
    remediate(props, { setting }) {
      const values = setting<Record<string, string>>("values");
      const missing = texts(setting("required")).filter(
        (key) => block(props["tags"])[key] === undefined && values[key] !== undefined,
      );
      if (missing.length === 0) return undefined;
      props["tags"] = { ...block(props["tags"]), ...Object.fromEntries(missing.map((key) => [key, values[key]])) };
      return props;
    },
  },
];
