import type * as cognito from "@pulumi/aws/cognito";

export interface TokenLifetimes {
  /** 5-1440. */
  readonly accessMinutes: number;
  /** 5-1440. */
  readonly idMinutes: number;
  /** 1-3650. */
  readonly refreshDays: number;
}

/** Lifetimes in the form a client takes, with their units. */
export function clientLifetimes(tokens: TokenLifetimes) {
  return {
    accessTokenValidity: tokens.accessMinutes,
    idTokenValidity: tokens.idMinutes,
    refreshTokenValidity: tokens.refreshDays,
    tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
  } satisfies Partial<cognito.UserPoolClientArgs>;
}

/** The tenant of a user, in ID tokens as `custom:tenantId`. Only an administrator writes it. */
export const tenantSchema = {
  name: "tenantId",
  attributeDataType: "String",
  mutable: true,
  required: false,
  developerOnlyAttribute: false,
  // Without both limits the provider sees a difference at every update.
  stringAttributeConstraints: { minLength: "1", maxLength: "128" },
};
