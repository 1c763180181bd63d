import type { Rule } from "../../pack/rule";
import { taggable } from "../../stack/policies-of";
import { block, texts } from "../../stack/read";

/** Rules for tags. */
export const tagsRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "resource-tags",
    types: taggable,
    description: "What costs or holds data carries the tags that say whose it is.",
    rationale: "Bills and clean-ups go by tags; what has none stays for ever.",
    fix: "set the tags, on the resource or as the provider's defaultTags",
    severity: "low",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
    settings: {
      required: { type: "array", description: "Keys every such resource carries.", default: [] },
      values: { type: "object", description: "Values that remediation sets, by key.", default: {} },
    },
    check(resource, { report, setting }) {
      const own = { ...block(block(resource.provider()["defaultTags"])["tags"]), ...block(resource.props["tags"]) };
      const missing = texts(setting("required")).filter((key) => own[key] === undefined);
      if (missing.length > 0) report(resource, `must carry its tags, got no ${missing.join(", ")}`);
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
