import { requireOneOf } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { at, block, blocks, isTrue, list, number, show, text } from "../../stack/read";
import type { Resource } from "../../stack/resource";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";

/** Constraints that each type of attribute needs, both bounds. */
const constraints: Readonly<Record<string, readonly [block: string, keys: readonly string[]]>> = {
  String: ["stringAttributeConstraints", ["minLength", "maxLength"]],
  Number: ["numberAttributeConstraints", ["minValue", "maxValue"]],
};

/** The password policy of a pool that states none. */
const ownPolicy = {
  minimumLength: 8,
  requireLowercase: true,
  requireUppercase: true,
  requireNumbers: true,
  requireSymbols: true,
};

/** Rules for Cognito user pools and identity pools. */
export const cognitoRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "identity-pool-no-guests",
    types: ["aws:cognito/identityPool:IdentityPool"],
    description: "An identity pool gives AWS credentials only to users who have signed in.",
    rationale: "Every visitor of the application gets the credentials of a guest.",
    fix: "set allowUnauthenticatedIdentities to false",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["Cognito.2"], cdkNag: ["AwsSolutions-COG7"], checkov: ["CKV_AWS_366"] },
    check(pool, { stack, report, advise }) {
      // CloudWatch RUM measures the pages of every visitor, whose browser needs the credentials of a guest for it.
      const say = stack.of("aws:rum/appMonitor:AppMonitor").length > 0 ? advise : report;
      if (isTrue(pool.props["allowUnauthenticatedIdentities"]))
        say(
          pool,
          "must give guests no credentials, got allowUnauthenticatedIdentities true",
          "set allowUnauthenticatedIdentities to false",
        );
    },
  },
  {
    scope: "stack",
    name: "user-pool-deletion-protection",
    types: [T.userPool],
    description: "A user pool is protected against deletion.",
    rationale: "No backup contains its passwords, so that a deleted pool cannot be restored.",
    fix: "set deletionProtection to ACTIVE",
    severity: "medium",
    level: "production",
    lowUnless: ["operated"],
    ids: { securityHub: ["Cognito.6"] },
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-deletion-protection.html",
    check(pool, context) {
      requireOneOf(pool, context, "deletionProtection", ["ACTIVE"], "be protected against deletion");
    },
  },
  {
    scope: "stack",
    name: "user-pool-mail",
    types: [T.userPool],
    description: "A user pool in production that writes to its users sends its mail by SES.",
    rationale: "Cognito's own sender stops at 50 messages a day, after which no user can sign up or reset a password.",
    fix: "set emailConfiguration with emailSendingAccount DEVELOPER and the sourceArn of a verified SES identity",
    severity: "medium",
    level: "advisory",
    lowUnless: ["operated"],
    ids: {},
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html",
    check(pool, { environment, report }) {
      if (environment !== "production" || !writesMail(pool)) return;
      const account = at(pool.props, "emailConfiguration.emailSendingAccount");
      if (account !== "DEVELOPER") report(pool, `must send its mail by SES, got emailSendingAccount ${show(account)}`);
    },
  },
  {
    scope: "stack",
    name: "user-pool-mfa",
    types: [T.userPool],
    description: "A user pool lets its users sign in with a second factor.",
    rationale: "Without one a stolen password alone is enough to sign in.",
    fix: "set mfaConfiguration to ON or OPTIONAL with a software token",
    severity: "medium",
    level: "advisory",
    lowUnless: ["audited"],
    ids: { cdkNag: ["AwsSolutions-COG2"] },
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html",
    check(pool, context) {
      requireOneOf(pool, context, "mfaConfiguration", ["ON", "OPTIONAL"], "offer a second factor");
    },
  },
  {
    scope: "resource",
    name: "user-pool-password-policy",
    types: [T.userPool],
    description: "A user pool asks for passwords of 8 characters or more, of four kinds.",
    rationale: "Short passwords of one kind can be guessed.",
    fix: "set passwordPolicy with minimumLength 8 or more and all four kinds of characters",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["Cognito.3"], cdkNag: ["AwsSolutions-COG1"] },
    settings: { minimumLength: { type: "integer", description: "Least characters of a password.", default: 8 } },
    check(pool, { report, advise, setting }) {
      const least = setting<number>("minimumLength");
      const policy = block(pool.props["passwordPolicy"] ?? ownPolicy);
      const kinds = ["requireLowercase", "requireUppercase", "requireNumbers", "requireSymbols"].filter(
        (key) => !isTrue(policy[key]),
      );
      if ((number(policy["minimumLength"]) ?? 0) < least)
        report(
          pool,
          `must ask for passwords of ${least} characters, got passwordPolicy.minimumLength ${show(policy["minimumLength"])}`,
          `set passwordPolicy.minimumLength to ${least}`,
        );
      // Long passwords of few kinds are as good, and what some programs ask for.
      const paths = kinds.map((key) => `passwordPolicy.${key} to true`);
      if (kinds.length > 0)
        advise(
          pool,
          `must ask for every kind of character in passwords, got no ${kinds.join(", ")}`,
          `set ${paths.join(" and ")}`,
        );
    },
  },
  {
    scope: "resource",
    name: "user-pool-schema",
    types: [T.userPool],
    description: "Every string or number attribute of a user pool has both its bounds.",
    rationale:
      "Cognito fills in what is left out, so that the next update sees a changed attribute, which Cognito refuses to change.",
    fix: "set stringAttributeConstraints or numberAttributeConstraints with both bounds",
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
          report(
            pool,
            `must bound attribute ${text(attribute["name"])}, got no ${missing.join(" and no ")}`,
            `set ${missing.map((bound) => `${key}.${bound}`).join(" and ")} of attribute ${text(attribute["name"])}`,
          );
      }
    },
  },
  {
    scope: "resource",
    name: "user-pool-threat-protection",
    types: [T.userPool],
    description: "A user pool of the Plus plan enforces threat protection.",
    rationale: "The plan is paid for, and sign-ins with leaked passwords or from unusual places still succeed.",
    fix: "set userPoolAddOns.advancedSecurityMode to ENFORCED",
    severity: "medium",
    level: "advisory",
    ids: { securityHub: ["Cognito.1"], cdkNag: ["AwsSolutions-COG8"] },
    check(pool, context) {
      if (pool.props["userPoolTier"] === "PLUS")
        requireOneOf(pool, context, "userPoolAddOns.advancedSecurityMode", ["ENFORCED"], "enforce threat protection");
    },
  },
  {
    scope: "resource",
    name: "user-pool-tier",
    types: [T.userPool],
    description: "A user pool names its feature plan.",
    rationale: "The plan decides the price per user and which features work, and AWS has changed the default before.",
    fix: "set userPoolTier",
    severity: "low",
    level: "advisory",
    ids: {},
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html",
    check(pool, context) {
      requireOneOf(pool, context, "userPoolTier", ["LITE", "ESSENTIALS", "PLUS"], "name its feature plan");
    },
  },
];

/** Whether a pool sends mail by itself: to verify an address, to recover an account, or as a second factor. */
function writesMail({ props }: Resource): boolean {
  const sender = peek(() => at(props, "lambdaConfig.customEmailSender"));
  if (sender !== undefined) return false;
  return (
    ["autoVerifiedAttributes", "usernameAttributes", "aliasAttributes"].some((key) =>
      list(props[key]).includes("email"),
    ) ||
    Object.keys(block(props["emailMfaConfiguration"])).length > 0 ||
    blocks(block(props["accountRecoverySetting"])["recoveryMechanisms"]).some((one) => one["name"] === "verified_email")
  );
}
