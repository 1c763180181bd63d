import * as pulumi from "@pulumi/pulumi";
import type { AdmittedIssuers, IssuerSpec } from "../../contract/issuer";
import type { IdentityOutputs } from "../../contract/layer-outputs";

/**
 * Returns the variables that tell the authorizer of apps/authorizer whose tokens it admits. The URL of an issuer's keys is
 * in a variable of its own, so that a machine without that issuer can have another there.
 */
export function issuerVariables(
  identity: Pick<IdentityOutputs, "issuer" | "clientIds">,
  { pool, others }: AdmittedIssuers,
): Record<string, pulumi.Input<string>> {
  return {
    ...(pool
      ? {
          ISSUER: identity.issuer,
          JWKS_URL: pulumi.interpolate`${identity.issuer}/.well-known/jwks.json`,
          CLIENT_IDS: pulumi.output(identity.clientIds).apply((ids) => ids.join(",")),
        }
      : {}),
    ...otherIssuers(others),
  };
}

/** Returns the variables about issuers other than the pool; none without any. */
export function otherIssuers(others: readonly IssuerSpec[]): Record<string, string> {
  if (others.length === 0) return {};
  const keys = others.map(({ name, jwksUrl }) => [`JWKS_URL_${name.toUpperCase().replaceAll("-", "_")}`, jwksUrl]);
  return {
    ISSUERS: JSON.stringify(others.map(({ jwksUrl: _, ...each }) => each)),
    ...Object.fromEntries(keys),
  };
}
