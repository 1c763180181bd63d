import { requireOneOf, requireTrue } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { block, blocks, isTrue, list, number, show, text } from "../../stack/read";
import { T } from "../../stack/types";

/** Lifetimes of a client and the key of each one's unit. */
const units = [
  ["accessTokenValidity", "accessToken"],
  ["idTokenValidity", "idToken"],
  ["refreshTokenValidity", "refreshToken"],
] as const;

/** Constraints that each type of attribute needs, both bounds. */
const constraints: Readonly<Record<string, readonly [block: string, keys: readonly string[]]>> = {
  String: ["stringAttributeConstraints", ["minLength", "maxLength"]],
  Number: ["numberAttributeConstraints", ["minValue", "maxValue"]],
};

/** Rules for Cognito. */
export const cognitoRules: readonly Rule[] = [
  {
    scope: "resource",
    name: "client-auth-flows",
    types: [T.userPoolClient],
    description: "A client lists the ways its users may sign in, and sends no password to the pool in the clear.",
    rationale: "A list that is left out means Cognito's default set; USER_PASSWORD flows hand passwords to the client.",
    fix: "set explicitAuthFlows, without USER_PASSWORD_AUTH",
    severity: "medium",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html",
    check(client, { report }) {
      const flows = list(client.props["explicitAuthFlows"]);
      if (flows.length === 0) return report(client, "must list its authentication flows, got no explicitAuthFlows");
      const passwords = flows.filter((flow) =>
        ["ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"].includes(String(flow)),
      );
      if (passwords.length > 0) report(client, `must not send passwords in the clear, got ${passwords.join(", ")}`);
    },
  },
  {
    scope: "resource",
    name: "client-hides-users",
    types: [T.userPoolClient],
    description: "A failed sign-in does not tell whether the user exists.",
    rationale: "Else a list of addresses becomes a list of customers.",
    fix: "set preventUserExistenceErrors to ENABLED",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html",
    check(client, context) {
      requireOneOf(client, context, "preventUserExistenceErrors", ["ENABLED"], "not tell who exists");
    },
  },
  {
    scope: "resource",
    name: "client-no-implicit-grant",
    types: [T.userPoolClient],
    description: "Tokens never come in a URL.",
    rationale: "URLs stay in histories, logs and referrers.",
    fix: "use code with PKCE, or client_credentials",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html",
    check(client, { report }) {
      if (list(client.props["allowedOauthFlows"]).includes("implicit"))
        report(client, "must not use the implicit grant, got it in allowedOauthFlows");
    },
  },
  {
    scope: "resource",
    name: "client-revocation",
    types: [T.userPoolClient],
    description: "Refresh tokens can be revoked.",
    rationale: "A stolen one works for its whole life otherwise.",
    fix: "set enableTokenRevocation to true",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/token-revocation.html",
    check(client, context) {
      requireTrue(client, context, "enableTokenRevocation", "revoke tokens");
    },
  },
  {
    scope: "resource",
    name: "client-tenant-attribute",
    types: [T.userPoolClient],
    description: "Users cannot write the attribute that says whose data they see.",
    rationale: "A user who changes his tenant reads another's data. Without a list every attribute is writable.",
    fix: "set writeAttributes without it",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html",
    settings: {
      attributes: {
        type: "array",
        description: "Attributes that only the program writes.",
        default: ["custom:tenantId", "custom:tenant_id", "custom:tenant", "custom:role", "custom:roles"],
      },
    },
    check(client, { report, setting }) {
      const writable = client.props["writeAttributes"];
      if (writable === undefined || writable === null)
        return report(client, "must list what users may write, got no writeAttributes, which means everything");
      const found = list(writable).filter((name) => list(setting("attributes")).includes(name));
      if (found.length > 0) report(client, `must not let users write ${found.join(", ")}, got it in writeAttributes`);
    },
  },
  {
    scope: "resource",
    name: "client-token-units",
    types: [T.userPoolClient],
    description: "A token's lifetime has a unit.",
    rationale:
      "Cognito reads a bare number as hours for access and ID tokens and as days for refresh tokens: 15 becomes 15 hours.",
    fix: "set tokenValidityUnits for each lifetime",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_TokenValidityUnitsType.html",
    check(client, { report }) {
      const given = block(client.props["tokenValidityUnits"]);
      const bare = units.filter(([key, unit]) => client.props[key] !== undefined && given[unit] === undefined);
      if (bare.length > 0)
        report(client, `must give units of its lifetimes, got none for ${bare.map(([key]) => key).join(", ")}`);
    },
  },
  {
    scope: "resource",
    name: "identity-pool-no-guests",
    types: ["aws:cognito/identityPool:IdentityPool"],
    description: "AWS credentials are for those who signed in.",
    rationale: "Guests' credentials are in the hands of everybody.",
    fix: "set allowUnauthenticatedIdentities to false",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["Cognito.2"], cdkNag: ["AwsSolutions-COG7"], checkov: ["CKV_AWS_366"] },
    check(pool, { report }) {
      if (isTrue(pool.props["allowUnauthenticatedIdentities"]))
        report(pool, "must not give guests credentials, got allowUnauthenticatedIdentities true");
    },
  },
  {
    scope: "resource",
    name: "user-pool-deletion-protection",
    types: [T.userPool],
    description: "A user pool cannot be deleted by mistake.",
    rationale: "Its passwords are in no backup.",
    fix: "set deletionProtection to ACTIVE",
    severity: "medium",
    level: "production",
    ids: {},
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-deletion-protection.html",
    check(pool, context) {
      requireOneOf(pool, context, "deletionProtection", ["ACTIVE"], "be protected against deletion");
    },
  },
  {
    scope: "resource",
    name: "user-pool-mfa",
    types: [T.userPool],
    description: "Users can sign in with a second factor.",
    rationale: "A stolen password alone should not be enough.",
    fix: "set mfaConfiguration to ON or OPTIONAL with a software token",
    severity: "medium",
    level: "advisory",
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
    description: "Passwords are long and mixed.",
    rationale: "Short ones are guessed from lists.",
    fix: "set passwordPolicy with minimumLength 8 or more and all four kinds of characters",
    severity: "medium",
    level: "mandatory",
    ids: { securityHub: ["Cognito.3"], cdkNag: ["AwsSolutions-COG1"] },
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
          report(pool, `must bound attribute ${text(attribute["name"])}, got no ${missing.join(" and no ")}`);
      }
    },
  },
  {
    scope: "resource",
    name: "user-pool-threat-protection",
    types: [T.userPool],
    description: "Sign-ins with leaked passwords and from odd places are met with more questions.",
    rationale: "Lists of leaked passwords are tried on every sign-in page.",
    fix: "set userPoolTier to PLUS and userPoolAddOns.advancedSecurityMode to ENFORCED",
    severity: "medium",
    level: "advisory",
    ids: { securityHub: ["Cognito.1"], cdkNag: ["AwsSolutions-COG8"] },
    check(pool, context) {
      requireOneOf(pool, context, "userPoolAddOns.advancedSecurityMode", ["ENFORCED"], "have threat protection");
    },
  },
  {
    scope: "resource",
    name: "user-pool-tier",
    types: [T.userPool],
    description: "A user pool names its feature plan.",
    rationale: "The default has changed before: it decides the price per user and which features work.",
    fix: "set userPoolTier",
    severity: "low",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html",
    check(pool, context) {
      requireOneOf(pool, context, "userPoolTier", ["LITE", "ESSENTIALS", "PLUS"], "name its feature plan");
    },
  },
];
