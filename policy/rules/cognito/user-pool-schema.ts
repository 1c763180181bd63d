import { block, blocks, text } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

/** Constraints that each type of attribute needs, both bounds. */
const constraints: Readonly<Record<string, readonly [block: string, keys: readonly string[]]>> = {
  String: ["stringAttributeConstraints", ["minLength", "maxLength"]],
  Number: ["numberAttributeConstraints", ["minValue", "maxValue"]],
};

export const userPoolSchema: ResourceRule = {
  scope: "resource",
  name: "user-pool-schema",
  types: [T.userPool],
  holds: "Every string or number attribute of a user pool has both its bounds.",
  why: "Cognito fills in what is left out, so that the next update sees a changed attribute, which Cognito refuses to change.",
  mend: "set stringAttributeConstraints or numberAttributeConstraints with both bounds",
  severity: "high",
  level: "mandatory",
  ids: {},
  url: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SchemaAttributeType.html",
  check(pool, { report }) {
    for (const attribute of blocks(pool.props["schemas"])) {
      const [key, bounds] = constraints[text(attribute["attributeDataType"])] ?? [];
      if (key === undefined || bounds === undefined) continue;
      const missing = bounds.filter((bound) => block(attribute[key])[bound] === undefined);
      if (missing.length > 0)
        report(pool, `must bound attribute ${text(attribute["name"])}, got no ${missing.join(" and no ")}`);
    }
  },
};
