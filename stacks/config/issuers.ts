import type { AdmittedIssuers, IssuerSpec } from "../../infra/contract/issuer";
import type { IssuersConfig } from "./issuer-schema";
import type { PlatformConfig } from "./schema";

/** Returns whose tokens the gateways of an environment admit. */
export function admittedIssuers({ issuers, tokens }: Pick<PlatformConfig, "issuers" | "tokens">): AdmittedIssuers {
  return { pool: tokens.pool, others: issuersOf(issuers ?? {}) };
}

/** Tells whether the gateways of an environment admit tokens of more issuers than one user pool. */
export function hasSeveralIssuers({ issuers, signIn }: Pick<PlatformConfig, "issuers" | "signIn">): boolean {
  return issuers !== undefined || signIn.regions === "each";
}

/** Returns the issuers of a configuration with their names, in its order. */
export function issuersOf(issuers: IssuersConfig): IssuerSpec[] {
  return Object.entries(issuers).map(([name, { issuer, audiences, jwksUrl, scopes, tenant }]) => ({
    name,
    issuer,
    audiences,
    jwksUrl,
    ...(scopes ? { scopes } : {}),
    ...(tenant ? { tenant } : {}),
  }));
}
