import type * as cognito from "@pulumi/aws/cognito";
import type * as pulumi from "@pulumi/pulumi";
import { clientLifetimes, type FactorSettings, type TokenLifetimes } from "./settings";

/** What decides the clients of people. */
export interface PeopleClientArgs extends FactorSettings {
  /** Set where people may verify a phone number. */
  readonly phone?: object | undefined;
  readonly scopes: readonly string[];
  readonly tokens: TokenLifetimes;
  /** Whether there is one pool, or one in each region. */
  readonly regions: "primary" | "each";
}

const phoneAttributes = ["phone_number", "phone_number_verified"];

/**
 * Returns what clients of people have in common, in a browser or a native application: authorization code with PKCE, no
 * secret, refresh tokens that are replaced when they are used.
 * @param external  names of the external providers
 */
export function peopleClientInputs(
  { secondFactor, codeByMail, scopes, tokens, regions, phone }: PeopleClientArgs,
  userPoolId: pulumi.Input<string>,
  external: readonly pulumi.Output<string>[],
) {
  return {
    userPoolId,
    generateSecret: false,
    allowedOauthFlowsUserPoolClient: true,
    allowedOauthFlows: ["code"],
    allowedOauthScopes: [
      ...["openid", "email", "profile"],
      // For a token by which a person turns on a second factor, or verifies a phone number. It changes the attributes of
      // writeAttributes only.
      ...(secondFactor === "off" && phone === undefined ? [] : ["aws.cognito.signin.user.admin"]),
      ...(phone === undefined ? [] : ["phone"]),
      ...scopes,
    ],
    supportedIdentityProviders: ["COGNITO", ...external],
    // Rotation replaces the refresh flow; Cognito refuses to have both.
    explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", ...(codeByMail ? ["ALLOW_CUSTOM_AUTH"] : [])],
    // Mail takes longer than the three minutes that Cognito waits for an answer by itself.
    ...(codeByMail ? { authSessionValidity: 15 } : {}),
    refreshTokenRotation: { feature: "ENABLED", retryGracePeriodSeconds: 10 },
    enableTokenRevocation: true,
    preventUserExistenceErrors: "ENABLED",
    // Without this list every attribute is writable, the tenant too. What a provider is mapped to has to be in it.
    readAttributes: [
      ...["email", "email_verified", "name", "custom:tenantId", ...(phone === undefined ? [] : phoneAttributes)],
      // Triggers are told what the client may read.
      ...(regions === "each" ? ["custom:subject", "custom:copy"] : []),
    ],
    writeAttributes: ["email", "name", ...(phone === undefined ? [] : ["phone_number"])],
    ...clientLifetimes(tokens),
  } satisfies cognito.UserPoolClientArgs;
}
