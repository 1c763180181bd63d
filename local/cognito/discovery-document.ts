import type { UserPool } from "./clients";

/**
 * Returns the OpenID Connect discovery document of a user pool. On AWS the endpoints are those of the pool's domain.
 * @param url  of the local issuer
 */
export function discoveryDocument(url: string, { id, issuer }: UserPool): Readonly<Record<string, unknown>> {
  return {
    issuer,
    jwks_uri: `${url}/${id}/.well-known/jwks.json`,
    authorization_endpoint: `${url}/oauth2/authorize`,
    token_endpoint: `${url}/oauth2/token`,
    revocation_endpoint: `${url}/oauth2/revoke`,
    userinfo_endpoint: `${url}/oauth2/userInfo`,
    end_session_endpoint: `${url}/logout`,
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code"],
    scopes_supported: ["openid", "email", "phone", "profile"],
    subject_types_supported: ["public"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
  };
}
