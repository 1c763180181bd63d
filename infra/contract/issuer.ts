/** A token issuer other than the user pool, such as an existing gateway server, as plain data. */
export interface IssuerSpec {
  /** Its name in the configuration; services see its subjects as `<name>|<sub>`. @example "corporate" */
  readonly name: string;
  /** The `iss` of its tokens, exactly. @example "https://login.example.com/" */
  readonly issuer: string;
  /** URL of its keys (JWKS). */
  readonly jwksUrl: string;
  /** Values of `aud`, one of which a token must have. */
  readonly audiences: readonly string[];
  /** Scopes of the platform by the issuer's own. @default its tokens name the platform's scopes */
  readonly scopes?: Readonly<Record<string, readonly string[]>>;
  /** The tenant that all its users belong to. @default none, without tenants */
  readonly tenant?: { readonly name: string; readonly tier: string };
}

/** Whose tokens the gateways of an environment admit. */
export interface AdmittedIssuers {
  /** Whether the user pool's tokens are admitted. */
  readonly pool: boolean;
  /** All others; with any of them, a function of the platform decides on tokens. */
  readonly others: readonly IssuerSpec[];
}
