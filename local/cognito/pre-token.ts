import { OAuthError } from "./oauth";
import type { User } from "./users";

/** Why a pool issues a token, as its trigger is told. */
export type TokenSource =
  | "TokenGeneration_HostedAuth"
  | "TokenGeneration_RefreshTokens"
  | "TokenGeneration_ClientCredentials";

/** What a pool's trigger is told of a token that is about to be issued. */
export interface TokenRequest {
  readonly source: TokenSource;
  readonly poolId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Unset for a machine client. */
  readonly user?: User;
}

/** Invokes a planned function by the ARN of its alias. */
export type InvokeFunction = (arn: string, event: unknown) => Promise<unknown>;

/**
 * Claims of an access token that no trigger changes.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 */
const fixedClaims = new Set(
  "acr amr at_hash auth_time azp client_id exp iat iss jti nbf nonce origin_jti sub token_use version".split(" "),
);

/** What a pool's pre-token trigger changes of an access token. */
export interface TokenChanges {
  /** Claims that the token gets in addition. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Scopes of the token. */
  readonly scopes: readonly string[];
}

/**
 * Asks a pool's pre-token trigger (V3_0) which claims an access token gets in addition, and which scopes it has. An answer
 * may change nothing else here.
 * @param trigger  ARN of the function's alias
 * @throws {OAuthError} `invalid_request` when the function fails: Cognito issues no token then
 * @throws {Error} when the answer changes something else, so that no token differs from Cognito's in silence
 */
export async function tokenChanges(
  invoke: InvokeFunction,
  trigger: string,
  request: TokenRequest,
): Promise<TokenChanges> {
  const answer: any = await invoke(trigger, eventOf(request)).catch(() => {
    throw new OAuthError("invalid_request");
  });
  const changes = answer?.response?.claimsAndScopeOverrideDetails ?? {};
  const { claimsToAddOrOverride, scopesToAdd, scopesToSuppress, ...others } = changes.accessTokenGeneration ?? {};
  const unsupported = [
    ...Object.keys(changes).filter((name) => name !== "accessTokenGeneration"),
    ...Object.keys(others),
  ];
  if (unsupported.length > 0) {
    throw new Error(
      `the pre-token trigger may only add claims and change scopes of access tokens here, got ${unsupported.join(", ")}`,
    );
  }
  const claims = Object.entries(claimsToAddOrOverride ?? {}).filter(([name]) => !fixedClaims.has(name));
  const suppressed = new Set<string>(scopesToSuppress ?? []);
  const scopes = [...request.scopes, ...(scopesToAdd ?? [])].filter((scope) => !suppressed.has(scope));
  return { claims: Object.fromEntries(claims), scopes: [...new Set(scopes)] };
}

/** Returns the event that a trigger of version 3 gets. */
function eventOf({ source, poolId, clientId, scopes, user }: TokenRequest): object {
  return {
    version: "3",
    triggerSource: source,
    region: poolId.split("_")[0],
    userPoolId: poolId,
    userName: user?.username ?? clientId,
    callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId },
    request: {
      ...(user === undefined
        ? {}
        : {
            userAttributes: { sub: user.sub, ...(user.email === undefined ? {} : { email: user.email }) },
            groupConfiguration: {
              groupsToOverride: user.groups.map(({ name }) => name),
              iamRolesToOverride: [],
              preferredRole: null,
            },
          }),
      scopes,
    },
    response: { claimsAndScopeOverrideDetails: null },
  };
}
