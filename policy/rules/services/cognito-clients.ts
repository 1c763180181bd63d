import { requireOneOf } from "../../pack/require";
import type { Rule } from "../../pack/rule";
import { block, blocks, isTrue, list, number, show, text } from "../../stack/read";
import { T } from "../../stack/types";

/** Lifetimes of a client and the key of each one's unit. */
const units = [
  ["accessTokenValidity", "accessToken"],
  ["idTokenValidity", "idToken"],
  ["refreshTokenValidity", "refreshToken"],
] as const;

/** Rules for the clients of Cognito user pools. */
export const cognitoClientsRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "client-auth-flows",
    types: [T.userPoolClient],
    description: "A user pool client does not let its users send their passwords to the application.",
    rationale:
      "With USER_PASSWORD_AUTH the application handles each password, where SRP would send a proof of it only.",
    fix: "use ALLOW_USER_SRP_AUTH, or the hosted sign-in page",
    severity: "medium",
    level: "mandatory",
    lowUnless: ["operated"],
    ids: {},
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html",
    check(client, { report }) {
      const flows = list(client.props["explicitAuthFlows"]);
      const passwords = flows.filter((flow) =>
        ["ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"].includes(String(flow)),
      );
      if (passwords.length > 0)
        report(
          client,
          `must not take passwords, got ${passwords.join(", ")} in explicitAuthFlows`,
          `replace ${passwords.join(", ")} in explicitAuthFlows by ALLOW_USER_SRP_AUTH, or use the hosted sign-in page`,
        );
    },
  },
  {
    scope: "stack",
    name: "client-hides-users",
    types: [T.userPoolClient],
    description: "A user pool client answers a failed sign-in alike for users that exist and for others.",
    rationale: "Otherwise a list of mail addresses can be tried to find out which of them are customers.",
    fix: "set preventUserExistenceErrors to ENABLED",
    severity: "medium",
    level: "mandatory",
    lowUnless: ["operated"],
    ids: {},
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html",
    check(client, context) {
      requireOneOf(client, context, "preventUserExistenceErrors", ["ENABLED"], "not tell which users exist");
    },
  },
  {
    scope: "resource",
    name: "client-no-implicit-grant",
    types: [T.userPoolClient],
    description: "A user pool client gets no tokens in a URL.",
    rationale: "URLs stay in browser histories, logs and Referer headers.",
    fix: "use code with PKCE, or client_credentials",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html",
    check(client, { report }) {
      if (list(client.props["allowedOauthFlows"]).includes("implicit"))
        report(
          client,
          "must not use the implicit grant, got it in allowedOauthFlows",
          'set allowedOauthFlows to ["code"], with PKCE in the application',
        );
    },
  },
  {
    scope: "resource",
    name: "client-revocation",
    types: [T.userPoolClient],
    description: "A user pool client does not turn off the revocation of refresh tokens.",
    rationale: "A stolen refresh token that cannot be revoked works until it expires.",
    fix: "set enableTokenRevocation to true",
    severity: "high",
    level: "mandatory",
    ids: {},
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/token-revocation.html",
    check(client, { report }) {
      // Cognito turns it on for a new client where the setting is left out.
      const revokes = client.props["enableTokenRevocation"];
      if (revokes !== undefined && revokes !== null && !isTrue(revokes))
        report(
          client,
          `must be able to revoke refresh tokens, got enableTokenRevocation ${show(revokes)}`,
          "set enableTokenRevocation to true",
        );
    },
  },
  {
    scope: "stack",
    name: "client-tenant-attribute",
    types: [T.userPoolClient],
    description: "Users cannot write the attribute of their user pool that decides whose data they see.",
    rationale:
      "A user who changes it reads the data of another tenant, and without writeAttributes every attribute is writable.",
    fix: "set writeAttributes, without that attribute",
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
    check(client, { stack, report, setting }) {
      const writable = client.props["writeAttributes"];
      const reserved = list(setting("attributes"));
      if (writable === undefined || writable === null) {
        const own = stack
          .targets(client, "userPoolId", T.userPool)
          .flatMap((pool) => blocks(pool.props["schemas"]).map((one) => `custom:${text(one["name"])}`))
          .find((name) => reserved.includes(name));
        if (own !== undefined)
          report(client, `must not let users write ${own}, got no writeAttributes, which means all`);
        return;
      }
      const found = list(writable).filter((name) => reserved.includes(name));
      const left = list(writable).filter((name) => !found.includes(name));
      if (found.length > 0)
        report(
          client,
          `must not let users write ${found.join(", ")}, got it in writeAttributes`,
          `set writeAttributes to ${JSON.stringify(left)}`,
        );
    },
  },
  {
    scope: "resource",
    name: "client-token-units",
    types: [T.userPoolClient],
    description: "The lifetime of a token has a unit where a reader may take it for minutes.",
    rationale:
      "Cognito takes a number without a unit as hours for access and ID tokens, and as days for refresh tokens: 15 becomes 15 hours.",
    fix: "set tokenValidityUnits for each lifetime",
    severity: "medium",
    level: "production",
    ids: {},
    url: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_TokenValidityUnitsType.html",
    check(client, { report }) {
      const given = block(client.props["tokenValidityUnits"]);
      const mixed = Object.keys(given).length > 0;
      const bare = units.filter(([key, unit]) => {
        const value = client.props[key];
        if (value === undefined || value === null || given[unit] !== undefined) return false;
        return mixed || (unit !== "refreshToken" && (number(value) ?? 0) > 1);
      });
      if (bare.length > 0)
        report(
          client,
          `must give units of its lifetimes, got none for ${bare.map(([key]) => key).join(", ")}`,
          `set ${bare.map(([, unit]) => `tokenValidityUnits.${unit} to ${unit === "refreshToken" ? "days" : "hours"}`).join(" and ")}, or to the unit that is meant`,
        );
    },
  },
];
