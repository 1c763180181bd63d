import type { Authentication } from "../accounts/authentication";
import type { Step } from "../accounts/challenges";
import type { CustomSignIns } from "../accounts/custom-sign-in";
import { ownAccountScope } from "../accounts/own-account";
import type { SecurePassword } from "../accounts/secure-password";
import { associateSoftwareToken, verifySoftwareToken } from "../accounts/software-token";
import type { AppClient } from "../clients";
import { CognitoError, failures } from "../cognito-error";
import { type GivenTokens, RefreshRefused, RefreshTokens } from "../refresh-tokens";
import { checkSecretHash, type UserPools } from "../user-pools";
import { type Body, optionalText, text, textMap } from "./input";
import type { Operation } from "./public-operations";

/** What signs people in. */
export interface SignIns {
  readonly pools: UserPools;
  readonly authentication: Authentication;
  readonly securePassword: SecurePassword;
  readonly custom: CustomSignIns;
}

const refreshFlows = ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"];
const flows = ["USER_PASSWORD_AUTH", "USER_SRP_AUTH", "CUSTOM_AUTH", "REFRESH_TOKEN_AUTH"];
const adminFlow = "ADMIN_USER_PASSWORD_AUTH";

/** Operations that sign people in: they name a client, and need no signature. */
export const signInOperations: Readonly<Record<string, Operation<SignIns>>> = {
  async InitiateAuth(signIns, body) {
    const { pools } = signIns;
    const client = pools.client(body["ClientId"]);
    const flow = text(body, "AuthFlow");
    const given = textMap(body, "AuthParameters") ?? {};
    checkFlow(client, flow, flows);
    if (refreshFlows.includes(flow)) return refreshed(pools, client, given);
    const username = text(given, "USERNAME", 128);
    checkSecretHash(client, username, given["SECRET_HASH"]);
    const clientMetadata = textMap(body, "ClientMetadata");
    const signingIn = { client, username, ...(clientMetadata && { clientMetadata }) };
    if (flow === "CUSTOM_AUTH") return answerOf(pools, client, await signIns.custom.begin(signingIn, given["SRP_A"]));
    const step =
      flow === "USER_SRP_AUTH"
        ? await signIns.securePassword.begin(signingIn, text(given, "SRP_A"))
        : await signIns.authentication.byPassword({ ...signingIn, password: text(given, "PASSWORD", 256) });
    return answerOf(pools, client, step);
  },
  async RespondToAuthChallenge(signIns, body) {
    const client = signIns.pools.client(body["ClientId"]);
    const answers = textMap(body, "ChallengeResponses") ?? {};
    checkSecretHash(client, answers["USERNAME"] ?? "", answers["SECRET_HASH"]);
    const step = await respond(signIns, client, text(body, "ChallengeName"), body, answers);
    return answerOf(signIns.pools, client, step);
  },
  async GetTokensFromRefreshToken({ pools }, body) {
    const client = pools.client(body["ClientId"]);
    if (client.secret !== undefined && client.secret !== body["ClientSecret"]) {
      throw new CognitoError("NotAuthorizedException", `Unable to verify secret for client ${client.id}`);
    }
    return authenticationResult(client, await refresh(pools, client, text(body, "RefreshToken")));
  },
  RevokeToken({ pools }, body) {
    const client = pools.client(body["ClientId"]);
    if (client.secret !== undefined && client.secret !== body["ClientSecret"]) {
      throw new CognitoError("UnauthorizedException", "Invalid client credentials.");
    }
    const token = text(body, "Token", 8_192);
    if (token.split(".").length === 3)
      throw new CognitoError("UnsupportedTokenTypeException", "Unsupported token type");
    pools.refreshTokens.revoke(client, token);
    return {};
  },
  /** Of a session; that of an access token is in the operations of the own account. */
  AssociateSoftwareToken({ authentication: { challenges } }, body) {
    const challenge = challenges.take(text(body, "Session"), ["MFA_SETUP"]);
    const { secret } = associateSoftwareToken(challenge.user!, challenge.client.pool);
    return { SecretCode: secret, Session: challenges.add(challenge) };
  },
  VerifySoftwareToken({ authentication: { challenges }, pools }, body) {
    const session = text(body, "Session");
    const challenge = challenges.get(session, ["MFA_SETUP"]);
    verifySoftwareToken(challenge.user!, text(body, "UserCode"), pools.now());
    challenges.take(session, ["MFA_SETUP"]);
    return { Status: "SUCCESS", Session: challenges.add(challenge) };
  },
};

/** Operations by which a server of the application signs people in: they are signed, and name the pool too. */
export const adminSignInOperations: Readonly<Record<string, Operation<SignIns>>> = {
  async AdminInitiateAuth(signIns, body) {
    const client = clientOf(signIns, body);
    if (body["AuthFlow"] !== adminFlow) return signInOperations["InitiateAuth"]!(signIns, body);
    checkFlow(client, adminFlow, [adminFlow]);
    const given = textMap(body, "AuthParameters") ?? {};
    const username = text(given, "USERNAME", 128);
    checkSecretHash(client, username, given["SECRET_HASH"]);
    const signingIn = { client, username, clientMetadata: textMap(body, "ClientMetadata") };
    const password = text(given, "PASSWORD", 256);
    return answerOf(signIns.pools, client, await signIns.authentication.byPassword({ ...signingIn, password }));
  },
  AdminRespondToAuthChallenge(signIns, body) {
    clientOf(signIns, body);
    return signInOperations["RespondToAuthChallenge"]!(signIns, body);
  },
};

/** @throws {CognitoError} ResourceNotFoundException for a client of another pool */
function clientOf({ pools }: SignIns, body: Body): AppClient {
  const client = pools.client(body["ClientId"]);
  if (client.pool.id === body["UserPoolId"]) return client;
  throw new CognitoError("ResourceNotFoundException", `User pool client ${client.id} does not exist.`);
}

async function respond(
  { authentication, securePassword, custom }: SignIns,
  client: AppClient,
  name: string,
  body: Body,
  answers: Readonly<Record<string, string>>,
): Promise<Step> {
  switch (name) {
    case "PASSWORD_VERIFIER": {
      const challenge = securePassword.verify(client, answers);
      return challenge.custom
        ? custom.afterPassword(challenge, challenge.custom)
        : authentication.afterPassword(challenge);
    }
    case "SOFTWARE_TOKEN_MFA":
      return authentication.withSoftwareToken(text(body, "Session"), client, text(answers, "SOFTWARE_TOKEN_MFA_CODE"));
    case "MFA_SETUP":
      return authentication.withSetUp(text(body, "Session"), client);
    case "NEW_PASSWORD_REQUIRED":
      return authentication.withNewPassword(text(body, "Session"), client, answers);
    case "CUSTOM_CHALLENGE":
      return custom.answer(text(body, "Session"), client, text(answers, "ANSWER"));
    default:
      throw failures.parameter(`Challenge ${name} is not one that this client was asked`);
  }
}

/** @throws {CognitoError} InvalidParameterException for a way to sign in that the client does not have */
function checkFlow({ authFlows }: AppClient, flow: string, known: readonly string[]): void {
  const named = refreshFlows.includes(flow) ? "REFRESH_TOKEN_AUTH" : flow;
  if (!known.includes(named)) {
    throw failures.parameter("Initiate Auth method not supported.");
  }
  if (authFlows.includes(`ALLOW_${named}`)) return;
  throw failures.parameter(`${named} flow not enabled for this client`);
}

async function refreshed(
  pools: UserPools,
  client: AppClient,
  given: Readonly<Record<string, string>>,
): Promise<object> {
  const token = text(given, "REFRESH_TOKEN");
  const user = pools.refreshTokens.userOf(client, token);
  if (user) checkSecretHash(client, user.username, given["SECRET_HASH"]);
  return authenticationResult(client, await refresh(pools, client, token));
}

function refresh(pools: UserPools, client: AppClient, token: string): Promise<GivenTokens> {
  return pools.refreshTokens.refresh(client, token).catch((error) => {
    if (!(error instanceof RefreshRefused)) throw error;
    const { reason } = error;
    if (reason === "reused") throw new CognitoError("RefreshTokenReuseException", "Refresh token reuse detected");
    const text = reason === "revoked" ? "Refresh Token has been revoked" : "Invalid Refresh Token";
    throw new CognitoError("NotAuthorizedException", text);
  });
}

/** Returns the answer of a sign-in: the next challenge, or tokens. */
async function answerOf(pools: UserPools, client: AppClient, step: Step): Promise<object> {
  if (step.kind === "challenge") {
    const { name, session, parameters } = step;
    return { ChallengeName: name, Session: session, ChallengeParameters: parameters };
  }
  const { user, source, clientMetadata } = step;
  const session = {
    ...{ user, scopes: [ownAccountScope], authTime: pools.signer.nowSeconds(), nonce: undefined },
    ...{ originId: RefreshTokens.newOrigin(), byApi: true, clientMetadata },
  };
  return {
    ChallengeParameters: {},
    ...authenticationResult(client, await pools.refreshTokens.issue(client, session, source)),
  };
}

function authenticationResult(client: AppClient, { access, id, refresh: token }: GivenTokens): object {
  const tokens = { AccessToken: access, ...(id && { IdToken: id }), ...(token && { RefreshToken: token }) };
  return { AuthenticationResult: { ...tokens, ExpiresIn: client.accessSeconds, TokenType: "Bearer" } };
}

/** Tells whether a call is for a session, and not for an access token. */
export function isOfSession(body: Body): boolean {
  return optionalText(body, "Session") !== undefined && body["AccessToken"] === undefined;
}
