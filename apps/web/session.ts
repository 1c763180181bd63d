import * as oauth from "oauth4webapi";
import type { SignInSettings, WebConfig } from "./config";
import type { Person } from "./person";

interface Tokens {
  readonly access: string;
  readonly refresh: string | undefined;
  /** When it is replaced before it is used, in milliseconds since 1970. */
  readonly renewAt: number;
  readonly person: Person;
}

/** What a sign-in that has left the page must know when it comes back. */
interface Pending {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  /** Path to show afterwards. */
  readonly back: string;
}

const pendingKey = "sign-in";
const issuerKey = "sign-in-issuer";
/** Path that the sign-in page returns to. */
const callbackPath = "/signed-in";
/** A token that ends so soon is replaced before it is used, or a fifth of its life before the end if that is shorter. */
const renewMs = 30_000;

/** Returns how a person of this tab has begun to sign in, or would: at the primary region's user pool. */
export function chosenSignIn({ signIn, otherSignIn }: Pick<WebConfig, "signIn" | "otherSignIn">): SignInSettings {
  return otherSignIn !== undefined && otherSignIn.issuer === sessionStorage.getItem(issuerKey) ? otherSignIn : signIn;
}

/**
 * A person's session: authorization code with PKCE. Tokens are in memory alone, so that no later page and no other tab can
 * read them; after a reload the user pool's own session signs in again without a password.
 */
export class Session {
  private tokens: Tokens | undefined;
  private renewing: Promise<Tokens | undefined> | undefined;
  private readonly server: oauth.AuthorizationServer;
  private readonly client: oauth.Client;
  private readonly options: { [oauth.allowInsecureRequests]?: boolean };
  /** Whether the user pool did not answer when the token was to be replaced. */
  away = false;
  /** Is called when who is signed in has changed. */
  changed: () => void = () => {};

  constructor(private readonly settings: SignInSettings) {
    const { issuer, url, clientId } = settings;
    this.server = {
      issuer,
      authorization_endpoint: `${url}/oauth2/authorize`,
      token_endpoint: `${url}/oauth2/token`,
      revocation_endpoint: `${url}/oauth2/revoke`,
    };
    this.client = { client_id: clientId };
    // The user pool of a platform on this machine has no certificate.
    this.options = { [oauth.allowInsecureRequests]: new URL(url).protocol === "http:" };
  }

  get person(): Person | undefined {
    return this.tokens?.person;
  }

  /** Leaves the page for the sign-in page, or for the page on which people sign up. */
  async begin(page: "authorize" | "signup" = "authorize"): Promise<void> {
    const { url, scopes, clientId, issuer } = this.settings;
    sessionStorage.setItem(issuerKey, issuer);
    const pending: Pending = {
      verifier: oauth.generateRandomCodeVerifier(),
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      // Two slashes at the start would be the name of a host.
      back: location.pathname.replace(/^\/+/, "/"),
    };
    sessionStorage.setItem(pendingKey, JSON.stringify(pending));
    const query = new URLSearchParams({
      client_id: clientId,
      response_type: "code",
      redirect_uri: this.redirectUri,
      scope: ["openid", "email", "profile", ...scopes].join(" "),
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: "S256",
    });
    location.assign(`${url}/${page === "signup" ? "signup" : "oauth2/authorize"}?${query}`);
  }

  /**
   * Finishes a sign-in that has come back to this page.
   * @returns why it did not succeed; undefined when it did, and when none has come back
   */
  async finish(url: URL): Promise<string | undefined> {
    if (url.pathname !== callbackPath) return undefined;
    const pending: Pending | null = JSON.parse(sessionStorage.getItem(pendingKey) ?? "null");
    for (const key of [pendingKey, issuerKey]) sessionStorage.removeItem(key);
    history.replaceState(null, "", pending?.back ?? "/");
    if (pending === null) return "This sign-in was not begun in this tab. Sign in again.";
    try {
      const { server, client, options } = this;
      const parameters = oauth.validateAuthResponse(server, client, url, pending.state);
      const answer = await oauth.authorizationCodeGrantRequest(
        ...([server, client, oauth.None(), parameters, this.redirectUri, pending.verifier, options] as const),
      );
      const checks = { expectedNonce: pending.nonce, requireIdToken: true };
      this.tokens = tokensOf(await oauth.processAuthorizationCodeResponse(server, client, answer, checks));
      return undefined;
    } catch (error) {
      return reasonOf(error);
    }
  }

  /**
   * Returns a token that is valid for the next half minute, or the old one while the user pool cannot be reached; undefined
   * when no person is signed in, or no longer.
   */
  async accessToken(): Promise<string | undefined> {
    if (this.tokens === undefined) return undefined;
    if (Date.now() < this.tokens.renewAt) return this.tokens.access;
    return (await this.renewed(this.tokens))?.access;
  }

  /** Replaces the token at once. @returns the person with the scopes of the new one; undefined when the session is over */
  async renewNow(): Promise<Person | undefined> {
    return this.tokens && (await this.renewed(this.tokens))?.person;
  }

  private renewed(tokens: Tokens): Promise<Tokens | undefined> {
    // Requests that need one at the same time wait for one renewal: the pool takes each refresh token once.
    this.renewing ??= this.renew(tokens).finally(() => {
      this.renewing = undefined;
    });
    return this.renewing;
  }

  /** Ends the session at the user pool, too, and leaves the page for its sign-out. */
  async end(): Promise<void> {
    const { refresh } = this.tokens ?? {};
    this.tokens = undefined;
    const { server, client, options, settings } = this;
    if (refresh !== undefined) {
      await oauth.revocationRequest(server, client, oauth.None(), refresh, options).catch(() => undefined);
    }
    const query = new URLSearchParams({ client_id: settings.clientId, logout_uri: `${location.origin}/` });
    location.assign(`${settings.url}/logout?${query}`);
  }

  private get redirectUri(): string {
    return `${location.origin}${callbackPath}`;
  }

  private async renew({ refresh, person }: Tokens): Promise<Tokens | undefined> {
    const { server, client, options } = this;
    if (refresh === undefined) return this.signedOut();
    try {
      const answer = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refresh, options);
      const renewed = await oauth.processRefreshTokenResponse(server, client, answer);
      this.tokens = tokensOf(renewed, { refresh, person });
      this.away = false;
    } catch (error) {
      // Only the pool ends a session. A request that it did not answer is sent again with the next token that is needed.
      if (error instanceof oauth.ResponseBodyError) return this.signedOut();
      this.away = true;
    }
    this.changed();
    return this.tokens;
  }

  private signedOut(): undefined {
    this.tokens = undefined;
    this.changed();
  }
}

/** @param before  what a renewal does not answer again */
function tokensOf(answer: oauth.TokenEndpointResponse, before?: Pick<Tokens, "refresh" | "person">): Tokens {
  const claims = oauth.getValidatedIdTokenClaims(answer);
  const lifeMs = (answer.expires_in ?? 300) * 1_000;
  const groups = claims?.["cognito:groups"];
  return {
    access: answer.access_token,
    refresh: answer.refresh_token ?? before?.refresh,
    renewAt: Date.now() + lifeMs - Math.min(renewMs, lifeMs / 5),
    person: {
      email: typeof claims?.["email"] === "string" ? claims["email"] : (before?.person.email ?? "signed in"),
      groups: Array.isArray(groups) ? groups.map(String) : [],
      scopes: scopesOf(answer.access_token),
    },
  };
}

/** Returns the scopes in an access token, for display: the gateway decides by the same ones. */
function scopesOf(token: string): string[] {
  try {
    const payload = token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/");
    return String(JSON.parse(atob(payload)).scope ?? "").split(" ");
  } catch {
    return [];
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof oauth.AuthorizationResponseError) {
    return `The sign-in page answered ${error.error_description ?? error.error}. Sign in again.`;
  }
  return `The sign-in was not completed: ${error instanceof Error ? error.message : String(error)}. Sign in again.`;
}
