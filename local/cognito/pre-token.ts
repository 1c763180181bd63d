import type { UserPool } from "./clients";
import { CognitoError } from "./cognito-error";
import { OAuthError } from "./oauth";
import type { PreTokenTrigger } from "./pool-settings";
import { triggerAttributes } from "./triggers";
import type { User } from "./users";

/** Why a pool issues tokens, as its trigger is told. */
export type TokenSource =
  | "TokenGeneration_HostedAuth"
  | "TokenGeneration_Authentication"
  | "TokenGeneration_NewPasswordChallenge"
  | "TokenGeneration_RefreshTokens"
  | "TokenGeneration_ClientCredentials";

/** What a pool's trigger is told of tokens that are about to be issued. */
export interface TokenRequest {
  readonly source: TokenSource;
  readonly poolId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Unset for a machine client. */
  readonly user?: User;
  readonly clientMetadata?: Readonly<Record<string, string>> | undefined;
}

/** What a trigger changes of one token. */
export interface TokenChanges {
  readonly claimsToAddOrOverride: Readonly<Record<string, unknown>>;
  readonly claimsToSuppress: readonly string[];
}

/** What a trigger changes of the tokens of a sign-in. */
export interface TokensChanges {
  readonly access: TokenChanges & {
    readonly scopesToAdd: readonly string[];
    readonly scopesToSuppress: readonly string[];
  };
  readonly id: TokenChanges;
  /** Claims of groups and roles, in place of those that the user's groups give. */
  readonly groups: Readonly<Record<string, unknown>> | undefined;
}

/** Invokes a planned function by the ARN of its alias. */
export type InvokeFunction = (arn: string, event: unknown) => Promise<unknown>;

/** Asks a pool's trigger. @throws {CognitoError} as `Triggers.ask` does */
export type AskPreToken = (arn: string, event: object) => Promise<unknown>;

/**
 * Claims that no trigger changes.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 */
const fixedClaims = new Set(
  "acr amr at_hash aud auth_time azp client_id cognito:username event_id exp iat identities iss jti nbf nonce origin_jti sub token_use username version".split(
    " ",
  ),
);
const none: TokenChanges = { claimsToAddOrOverride: {}, claimsToSuppress: [] };
const noChanges: TokensChanges = {
  access: { ...none, scopesToAdd: [], scopesToSuppress: [] },
  id: none,
  groups: undefined,
};

/**
 * Asks a pool's pre-token trigger what changes in the tokens of a sign-in. Machine clients ask version 3 alone; the first
 * version changes ID tokens only.
 * @throws {OAuthError} `invalid_request` when the function fails: Cognito issues no token then
 */
export async function tokenChanges(
  ask: AskPreToken,
  { settings: { preToken } }: Pick<UserPool, "settings">,
  request: TokenRequest,
): Promise<TokensChanges> {
  if (preToken === undefined || (request.user === undefined && preToken.version !== "3")) return noChanges;
  const answer: any = await ask(preToken.arn, eventOf(preToken, request)).catch((error) => {
    throw error instanceof CognitoError ? error : new OAuthError("invalid_request");
  });
  const response = answer?.response ?? {};
  if (preToken.version === "1") {
    const { groupOverrideDetails, ...id } = response.claimsOverrideDetails ?? {};
    return { ...noChanges, id: changesOf(id), groups: groupsOf(groupOverrideDetails) };
  }
  const { accessTokenGeneration, idTokenGeneration, groupOverrideDetails } =
    response.claimsAndScopeOverrideDetails ?? {};
  const { scopesToAdd, scopesToSuppress } = accessTokenGeneration ?? {};
  return {
    access: {
      ...changesOf(accessTokenGeneration),
      scopesToAdd: scopesToAdd ?? [],
      scopesToSuppress: scopesToSuppress ?? [],
    },
    id: changesOf(idTokenGeneration),
    groups: groupsOf(groupOverrideDetails),
  };
}

/** Returns the claims of a token after the changes of a trigger; those that make a token what it is stay. */
export function changedClaims(
  claims: Readonly<Record<string, unknown>>,
  { claimsToAddOrOverride, claimsToSuppress }: TokenChanges,
): Record<string, unknown> {
  const isFree = ([name]: [string, unknown]) => !fixedClaims.has(name);
  const kept = Object.entries(claims).filter(([name]) => fixedClaims.has(name) || !claimsToSuppress.includes(name));
  return Object.fromEntries([...kept, ...Object.entries(claimsToAddOrOverride).filter(isFree)]);
}

/** Returns the scopes of an access token after the changes of a trigger. */
export function changedScopes(scopes: readonly string[], { access }: TokensChanges): readonly string[] {
  return [...new Set([...scopes, ...access.scopesToAdd])].filter((scope) => !access.scopesToSuppress.includes(scope));
}

function changesOf(of: Partial<TokenChanges> | null | undefined): TokenChanges {
  return { claimsToAddOrOverride: of?.claimsToAddOrOverride ?? {}, claimsToSuppress: of?.claimsToSuppress ?? [] };
}

function groupsOf(of: any): TokensChanges["groups"] {
  if (of === undefined || of === null) return undefined;
  const { groupsToOverride = [], iamRolesToOverride = [], preferredRole } = of;
  return {
    ...(groupsToOverride.length > 0 && { "cognito:groups": groupsToOverride }),
    ...(iamRolesToOverride.length > 0 && { "cognito:roles": iamRolesToOverride }),
    ...(preferredRole && { "cognito:preferred_role": preferredRole }),
  };
}

/** Returns the event that the trigger gets. */
function eventOf(
  { version }: PreTokenTrigger,
  { source, poolId, clientId, scopes, user, clientMetadata }: TokenRequest,
): object {
  const roles = user?.groups.flatMap(({ roleArn }) => roleArn ?? []) ?? [];
  const groupConfiguration = {
    groupsToOverride: user?.groups.map(({ name }) => name),
    iamRolesToOverride: roles,
    preferredRole: roles[0] ?? null,
  };
  return {
    version,
    triggerSource: source,
    region: poolId.split("_")[0],
    userPoolId: poolId,
    userName: user?.username ?? clientId,
    callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId },
    request: {
      ...(user && { userAttributes: triggerAttributes(user), groupConfiguration }),
      ...(version !== "1" && { scopes }),
      ...(clientMetadata && { clientMetadata }),
    },
    response: version === "1" ? { claimsOverrideDetails: null } : { claimsAndScopeOverrideDetails: null },
  };
}
