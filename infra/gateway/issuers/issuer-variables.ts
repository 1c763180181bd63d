import * as pulumi from "@pulumi/pulumi";
import type { AdmittedIssuers, IssuerSpec } from "../../contract/issuer";
import type { IdentityOutputs } from "../../contract/layer-outputs";
import { allow, type Statement } from "../../security/iam";

/**
 * Returns the variables that tell the authorizer of apps/authorizer whose tokens it admits. The URL of an issuer's keys is
 * in a variable of its own, so that a machine without that issuer can have another there.
 */
export function issuerVariables(
  identity: PoolsOfTokens,
  { pool, others }: AdmittedIssuers,
): Record<string, pulumi.Input<string>> {
  const pools = [identity, ...(identity.otherRegion ? [identity.otherRegion] : [])];
  return {
    ...(pool ? Object.assign({}, ...pools.map((each, i) => poolVariables(each, i === 0 ? "" : "OTHER_"))) : {}),
    ...otherIssuers(others),
    ...(keepsKeys(identity, { pool }) ? { KEY_TABLE: identity.keyTable! } : {}),
  };
}

/** Returns what a function of those variables may do in its region: read and keep the keys of both regions' pools. */
export function keyStatements(
  identity: PoolsOfTokens,
  issuers: AdmittedIssuers,
  { region, account }: { readonly region: string; readonly account: pulumi.Input<string> },
): Statement[] {
  if (!keepsKeys(identity, issuers)) return [];
  const arn = pulumi.interpolate`arn:aws:dynamodb:${region}:${account}:table/${identity.keyTable!}`;
  return [allow(["dynamodb:GetItem", "dynamodb:PutItem"], arn)];
}

function keepsKeys({ keyTable }: PoolsOfTokens, { pool }: Pick<AdmittedIssuers, "pool">): boolean {
  return pool && keyTable !== undefined;
}

/** The user pools whose tokens are admitted: one, or one in each region. */
export interface PoolsOfTokens extends Pick<IdentityOutputs, "issuer" | "clientIds" | "keyTable"> {
  /** @default unset, with one user pool */
  readonly otherRegion?: Pick<IdentityOutputs, "issuer" | "clientIds">;
}

function poolVariables(
  { issuer, clientIds }: Pick<IdentityOutputs, "issuer" | "clientIds">,
  prefix: "" | "OTHER_",
): Record<string, pulumi.Input<string>> {
  return {
    [`${prefix}ISSUER`]: issuer,
    [`${prefix}JWKS_URL`]: pulumi.interpolate`${issuer}/.well-known/jwks.json`,
    [`${prefix}CLIENT_IDS`]: pulumi.output(clientIds).apply((ids) => ids.join(",")),
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
