import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { request } from "undici";
import type { Authorizations } from "../authorizations";
import type { AppClient } from "../clients";
import { CognitoError } from "../cognito-error";
import { cookieOf, redirect } from "../http";
import { type OAuthParameters, SignInPageError } from "../oauth";
import type { UserPools } from "../user-pools";
import { externalUser } from "./external-users";
import { type ExternalProvider, MappingRefused, mappedAttributes } from "./providers";
import type { StandIn } from "./stand-in";

/** A sign-in at a provider that has not come back. */
interface Started {
  readonly client: AppClient;
  readonly parameters: OAuthParameters;
  readonly provider: ExternalProvider;
  readonly nonce: string;
  /** Hash of the cookie of the browser that began it. */
  readonly browser: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** What the external sign-ins need. */
export interface ExternalSignInsParts {
  readonly pools: UserPools;
  readonly providers: readonly ExternalProvider[];
  readonly standIn: StandIn;
  readonly authorizations: Authorizations;
  /** Address of the issuer. */
  readonly url: () => string;
}

/** Where providers send people back to. */
export const responsePath = "/oauth2/idpresponse";
const cookie = "cognito-fl";
const minutes = 60_000;
const limits = { headersTimeout: 10_000, bodyTimeout: 10_000 };
const hashOf = (text: string) => createHash("sha256").update(text).digest("base64url");

/**
 * Sign-ins by external providers: an authorization request names one (`identity_provider`, or `idp_identifier`), which sends
 * the person back with a code; the tokens for it say who it is.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation.html
 */
export class ExternalSignIns {
  private readonly started = new Map<string, Started>();

  constructor(private readonly parts: ExternalSignInsParts) {}

  /** Returns the provider that an authorization request names. @throws {SignInPageError} for one that the client has not */
  providerOf(client: AppClient, parameters: OAuthParameters): ExternalProvider | undefined {
    const { identity_provider: name, idp_identifier: identifier } = parameters;
    if ((name === undefined && identifier === undefined) || name === "COGNITO") return undefined;
    const named = ({ name: own, identifiers }: ExternalProvider) =>
      name === undefined ? identifiers.includes(identifier!) : own === name;
    const found = this.parts.providers.find((each) => each.poolId === client.pool.id && named(each));
    if (found === undefined || !client.providers.includes(found.name)) {
      throw new SignInPageError("identity_provider must be one of the client's");
    }
    if (found.type === "SAML") throw new SignInPageError("SAML providers do not run on this machine.");
    return found;
  }

  /** Sends a person to a provider. */
  async begin(
    res: ServerResponse,
    client: AppClient,
    parameters: OAuthParameters,
    provider: ExternalProvider,
  ): Promise<void> {
    const { pools, standIn } = this.parts;
    const now = pools.now();
    for (const [state, { expiresAt }] of this.started) if (expiresAt <= now) this.started.delete(state);
    const { url } = await standIn.start(this.redirectUri);
    const [state, nonce, browser] = [0, 1, 2].map(() => randomBytes(32).toString("base64url")) as [
      string,
      string,
      string,
    ];
    const started = { client, parameters, provider, nonce, browser: hashOf(browser), expiresAt: now + 10 * minutes };
    this.started.set(state, started);
    res.appendHeader("set-cookie", `${cookie}=${browser}; Path=${responsePath}; HttpOnly; SameSite=Lax`);
    redirect(res, `${url}/auth`, {
      ...{ client_id: provider.clientId, redirect_uri: this.redirectUri, response_type: "code" },
      ...{ scope: provider.scopes.join(" "), state, nonce },
    });
  }

  /** Signs in a person whom a provider sent back. @throws {SignInPageError} for what this browser did not begin */
  async finish(req: IncomingMessage, res: ServerResponse, answer: OAuthParameters): Promise<void> {
    const { pools, authorizations } = this.parts;
    const { state = "", code, error, error_description: description } = answer;
    const started = this.started.get(state);
    this.started.delete(state);
    if (
      started === undefined ||
      started.expiresAt <= pools.now() ||
      hashOf(cookieOf(req, cookie) ?? "") !== started.browser
    ) {
      throw new SignInPageError("The sign-in was not begun in this browser, or took too long. Begin again.");
    }
    const { client, parameters, provider } = started;
    if (code === undefined) return authorizations.sendError(res, parameters, error ?? "invalid_request", description);
    try {
      const claims = await this.claimsOf(started, code);
      const attributes = mappedAttributes(provider, claims, client.writeAttributes);
      const user = await externalUser(pools, { client, provider, id: String(claims["sub"]), attributes });
      authorizations.signIn(res, client, parameters, user);
    } catch (failure) {
      const known = failure instanceof CognitoError || failure instanceof MappingRefused;
      if (!known && !(failure instanceof ProviderRefused)) throw failure;
      authorizations.sendError(res, parameters, "invalid_request", failure.message);
    }
  }

  private get redirectUri(): string {
    return this.parts.url() + responsePath;
  }

  /** Exchanges a provider's code, and returns what its verified ID token and its user info say. @throws {ProviderRefused} */
  private async claimsOf({ provider, nonce }: Started, code: string): Promise<Readonly<Record<string, unknown>>> {
    const { url, secretOf } = await this.parts.standIn.start(this.redirectUri);
    const form = {
      ...{ grant_type: "authorization_code", code, redirect_uri: this.redirectUri },
      ...{ client_id: provider.clientId, client_secret: secretOf(provider) },
    };
    const answer = await request(`${url}/token`, {
      ...{ ...limits, method: "POST", body: String(new URLSearchParams(form)) },
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    const tokens: any = await answer.body.json();
    if (answer.statusCode !== 200) throw new ProviderRefused(`${provider.name} refused the code: ${tokens.error}`);
    const keys = createRemoteJWKSet(new URL(`${url}/jwks`));
    const expected = { issuer: url, audience: provider.clientId, requiredClaims: ["sub", "nonce"] };
    const { payload } = await jwtVerify(tokens.id_token, keys, expected).catch(() => {
      throw new ProviderRefused(`${provider.name} gave an ID token that is not valid`);
    });
    if (payload["nonce"] !== nonce) throw new ProviderRefused(`${provider.name} gave an ID token of another sign-in`);
    const authorization = `Bearer ${tokens.access_token}`;
    const info = await request(`${url}/me`, { ...limits, headers: { authorization } });
    return { ...((await info.body.json()) as object), ...payload };
  }
}

/** What a provider answered is not a sign-in. */
class ProviderRefused extends Error {
  override readonly name = "ProviderRefused";
}
