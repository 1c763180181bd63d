import type { EnvironmentVariables } from "../kit/settings";
import { isTenantName } from "../kit/tenant";

/** A token issuer other than the user pool, as the variable ISSUERS lists it. */
export interface IssuerSettings {
  /** Its name in the configuration, which stands before its subjects: `corporate|alice`. */
  readonly name: string;
  /** The `iss` of its tokens, exactly. */
  readonly issuer: string;
  /** Where its keys are. */
  readonly jwksUrl: string;
  /** Values of `aud`, one of which a token must have. */
  readonly audiences: readonly string[];
  /** Scopes of the platform by the issuer's own. @default its tokens name the platform's scopes */
  readonly scopes?: Readonly<Record<string, readonly string[]>>;
  /** The tenant that all its users belong to. @default none, where the gateway has no tenants */
  readonly tenant?: { readonly name: string; readonly tier: string };
}

/** Name of the variable with the address of an issuer's keys: an address of its own, so that it can be replaced. */
export function jwksVariable(name: string): string {
  return `JWKS_URL_${name.toUpperCase().replaceAll("-", "_")}`;
}

/**
 * Reads the issuers other than the user pool from the variable ISSUERS, a JSON list of `IssuerSettings` without
 * `jwksUrl`, which is in a variable of its own (`jwksVariable`).
 * @returns none when ISSUERS is not set
 * @throws {Error} one sentence that names the variable that is missing or invalid
 */
export function parseIssuers(env: EnvironmentVariables): readonly IssuerSettings[] {
  const json = env["ISSUERS"];
  if (json === undefined) return [];
  const list = parseList(json);
  return list.map((each) => {
    const variable = jwksVariable(each.name);
    const jwksUrl = env[variable];
    if (jwksUrl === undefined || jwksUrl === "") {
      throw new Error(`authorizer: ${variable} is missing; set it to the URL of the keys of issuer "${each.name}"`);
    }
    return { ...each, jwksUrl };
  });
}

function parseList(json: string): readonly Omit<IssuerSettings, "jwksUrl">[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  if (Array.isArray(value) && value.every(isIssuer)) return value;
  throw new Error(
    `authorizer: ISSUERS must be JSON such as [{"name":"corporate","issuer":"https://login.example.com/","audiences":["api"]}], got ${JSON.stringify(json.slice(0, 200))}; set the environment variable ISSUERS`,
  );
}

function isIssuer(value: unknown): value is Omit<IssuerSettings, "jwksUrl"> {
  const { name, issuer, audiences, scopes, tenant } = (value ?? {}) as Partial<IssuerSettings>;
  return (
    typeof name === "string" &&
    /^[a-z][a-z0-9-]*$/.test(name) &&
    typeof issuer === "string" &&
    isTexts(audiences) &&
    audiences.length > 0 &&
    (scopes === undefined || (typeof scopes === "object" && Object.values(scopes).every(isTexts))) &&
    (tenant === undefined || (isTenantName(tenant.name) && isTenantName(tenant.tier)))
  );
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string" && each !== "");
}
