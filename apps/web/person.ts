/** Who is signed in. */
export interface Person {
  readonly email: string;
  /** Groups of the user pool. */
  readonly groups: readonly string[];
  /** Scopes that the access token has. */
  readonly scopes: readonly string[];
}
