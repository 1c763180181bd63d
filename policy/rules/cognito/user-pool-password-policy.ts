import { block, isTrue, number, show } from "../../core/read";
import type { ResourceRule } from "../../core/rule";
import { T } from "../../core/types";

export const userPoolPasswordPolicy: ResourceRule = {
  scope: "resource",
  name: "user-pool-password-policy",
  types: [T.userPool],
  holds: "Passwords are long and mixed.",
  why: "Short ones are guessed from lists.",
  mend: "set passwordPolicy with minimumLength 8 or more and all four kinds of characters",
  severity: "medium",
  level: "mandatory",
  ids: { F: ["Cognito.3"], N: ["COG1"] },
  settings: { minimumLength: { type: "integer", description: "Least characters of a password.", default: 8 } },
  check(pool, { report, setting }) {
    const policy = block(pool.props["passwordPolicy"]);
    const least = setting<number>("minimumLength");
    const kinds = ["requireLowercase", "requireUppercase", "requireNumbers", "requireSymbols"].filter(
      (key) => !isTrue(policy[key]),
    );
    if ((number(policy["minimumLength"]) ?? 0) < least)
      report(pool, `must ask for ${least} characters, got ${show(policy["minimumLength"])}`);
    if (kinds.length > 0) report(pool, `must ask for every kind of character, got no ${kinds.join(", ")}`);
  },
};
