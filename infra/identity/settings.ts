import type * as cognito from "@pulumi/aws/cognito";

/** Lifetimes of Cognito's tokens, within Cognito's limits. */
export interface TokenLifetimes {
  /** Minutes that an access token is valid, 5-1440. @example 15 */
  readonly accessMinutes: number;
  /** Minutes that an ID token is valid, 5-1440. @example 15 */
  readonly idMinutes: number;
  /** Days that a refresh token is valid, 1-3650. @example 30 */
  readonly refreshDays: number;
}

/** Who may sign up, and what a person may do who just has. */
export interface SignUpSettings {
  /** Whether people may sign up by themselves. */
  readonly open: boolean;
  /** Group that a person joins who has signed up. @default none */
  readonly group?: string | undefined;
  /** E-mail domains whose people may sign up and in; empty for every domain. */
  readonly domains: readonly string[];
  /** Whether addresses to throw away may sign up. */
  readonly disposable: "refused" | "allowed";
  /** Tenant that a person joins who has signed up, by e-mail domain. @default none */
  readonly tenants?: Readonly<Record<string, string>> | undefined;
}

/** How people prove who they are. */
export interface FactorSettings {
  /** Whether people sign in with an authenticator's code after their password. */
  readonly secondFactor: "off" | "optional" | "required";
  readonly password: { readonly minimumLength: number; readonly history: number };
  /** Whether people may sign in by a code that a trigger mails to them. */
  readonly codeByMail: boolean;
}

/** Returns the lifetimes and their units as inputs of a user pool client. */
export function clientLifetimes(tokens: TokenLifetimes) {
  return {
    accessTokenValidity: tokens.accessMinutes,
    idTokenValidity: tokens.idMinutes,
    refreshTokenValidity: tokens.refreshDays,
    tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
  } satisfies Partial<cognito.UserPoolClientArgs>;
}

/** Attribute of a user's tenant, in ID tokens as `custom:tenantId`. Only an administrator can write it. */
export const tenantSchema = {
  name: "tenantId",
  attributeDataType: "String",
  mutable: true,
  required: false,
  developerOnlyAttribute: false,
  // Without both limits the provider sees a difference at every update.
  stringAttributeConstraints: { minLength: "1", maxLength: "128" },
};

/**
 * Attribute of a user who was copied from the other region's pool: who that user is there. Only an administrator can write
 * it, and only while making the user.
 */
export const subjectSchema = {
  name: "subject",
  attributeDataType: "String",
  mutable: false,
  required: false,
  developerOnlyAttribute: false,
  stringAttributeConstraints: { minLength: "1", maxLength: "128" },
};

/** Attribute of a user who has a copy in the other region's pool: the copy's id, and the address that it was made with. */
export const copySchema = {
  ...subjectSchema,
  name: "copy",
  mutable: true,
  stringAttributeConstraints: { minLength: "1", maxLength: "512" },
};

/** Returns the inputs of a user pool for the second factor. */
export function factorInputs({ secondFactor }: FactorSettings) {
  if (secondFactor === "off") return { mfaConfiguration: "OFF" } satisfies Partial<cognito.UserPoolArgs>;
  return {
    mfaConfiguration: secondFactor === "required" ? "ON" : "OPTIONAL",
    softwareTokenMfaConfiguration: { enabled: true },
  } satisfies Partial<cognito.UserPoolArgs>;
}

/** Returns the inputs of a user pool for its passwords. */
export function passwordInputs({ password: { minimumLength, history } }: FactorSettings) {
  return {
    passwordPolicy: {
      minimumLength,
      requireLowercase: true,
      requireUppercase: true,
      requireNumbers: true,
      requireSymbols: true,
      temporaryPasswordValidityDays: 3,
      // Cognito stores none for 0, and a value that is written and not stored would differ at every update.
      ...(history > 0 ? { passwordHistorySize: history } : {}),
    },
  } satisfies Partial<cognito.UserPoolArgs>;
}
