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
