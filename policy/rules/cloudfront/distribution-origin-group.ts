import { block, blocks, show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const distributionOriginGroup: ResourceRule = {
  scope: "resource",
  name: "distribution-origin-group",
  types: [T.distribution],
  holds: "A distribution has a second origin to turn to.",
  why: "A bucket is in one region; when that is down the site is.",
  mend: "add originGroups with two members in different regions, and target the group",
  severity: "medium",
  level: "production",
  ids: { F: ["CloudFront.4"], K: ["310"] },
  check(distribution, { report }) {
    const sound = blocks(distribution.props["originGroups"])
      .filter((group) => blocks(group["members"]).length >= 2)
      .map((group) => group["originId"]);
    const target = block(distribution.props["defaultCacheBehavior"])["targetOriginId"];
    if (!sound.includes(target)) report(distribution, `must target a group of two origins, got ${show(target)}`);
  },
};
