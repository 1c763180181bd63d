import { type EnvironmentVariables, requiredVariable } from "../kit/settings";
import { type TokenHeaderOf, tokenHeaders } from "./former-routes";
import { type IssuerSettings, parseIssuers } from "./issuers";

/** A user pool whose tokens are admitted. */
export interface PoolSettings {
  /** ISSUER: the `iss` of every token, such as `https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123`. */
  readonly issuer: string;
  /** JWKS_URL: where the issuer's keys are, such as `<issuer>/.well-known/jwks.json`. */
  readonly jwksUrl: string;
  /** CLIENT_IDS: clients whose tokens are admitted, separated by commas. */
  readonly clientIds: readonly string[];
  /** AUDIENCES: values of `aud` that are admitted, separated by commas. @default none */
  readonly audiences: readonly string[];
  /** Whether the claim `subject` says who a token is about: with a pool in each region, where `sub` differs. */
  readonly namesSubject: boolean;
}

/** Whose tokens are admitted, each from environment variables. */
export interface AdmittedTokens {
  /**
   * The user pools whose tokens are admitted: one, or one in each region, the second one in variables that begin with
   * `OTHER_`. Without ISSUER only other issuers' tokens are admitted.
   */
  readonly pools: readonly PoolSettings[];
  /** ISSUERS: issuers other than the pool, see `parseIssuers`. @default none */
  readonly issuers: readonly IssuerSettings[];
  /**
   * KEY_TABLE: name of the table that keeps the keys of both regions' pools, for when one of them is gone.
   * @default keys are not kept
   */
  readonly keyTable?: string;
}

/** Settings of the authorizer, each from one environment variable. */
export interface AuthorizerSettings extends AdmittedTokens {
  /**
   * TENANT_SECRET_ID: name or ARN of the secret in AWS Secrets Manager, whose JSON is a `TenantSecret`.
   * @default the gateway has no tenants
   */
  readonly secretId?: string;
  /** FORMER_TOKEN_HEADER and FORMER_ROUTES, see `tokenHeaders`. */
  readonly tokenHeaderOf: TokenHeaderOf;
  /** ROUTES: routes by scope, JSON as `parseRoutes` reads it. All variables of a function are 4 KB at most. */
  readonly routes: string;
}

/**
 * Reads the settings of the authorizer. The AWS SDK also needs AWS_REGION, which Lambda sets.
 * @throws {Error} one sentence that names the environment variable that is missing or invalid
 */
export function authorizerSettings(env: EnvironmentVariables): AuthorizerSettings {
  const { TENANT_SECRET_ID: secretId } = env;
  return {
    ...issuerSettings(env),
    tokenHeaderOf: tokenHeaders(env),
    ...(secretId === undefined ? {} : { secretId }),
    routes: requiredVariable("authorizer", env, "ROUTES"),
  };
}

/** Reads whose tokens are admitted. @throws {Error} one sentence that names the variable that is missing or invalid */
export function issuerSettings(env: EnvironmentVariables): AdmittedTokens {
  const text = (name: string) => requiredVariable("authorizer", env, name);
  const list = (value: string | undefined) => (value ?? "").split(",").filter((each) => each !== "");
  const issuers = parseIssuers(env);
  const several = env["OTHER_ISSUER"] !== undefined;
  const pool = (prefix: "" | "OTHER_"): PoolSettings => ({
    issuer: text(`${prefix}ISSUER`),
    jwksUrl: text(`${prefix}JWKS_URL`),
    clientIds: list(text(`${prefix}CLIENT_IDS`)),
    audiences: list(env["AUDIENCES"]),
    namesSubject: several,
  });
  return {
    pools: issuers.length > 0 && env["ISSUER"] === undefined ? [] : [pool(""), ...(several ? [pool("OTHER_")] : [])],
    issuers,
    ...(env["KEY_TABLE"] === undefined ? {} : { keyTable: env["KEY_TABLE"] }),
  };
}
