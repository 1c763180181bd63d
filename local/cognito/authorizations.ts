import type { IncomingMessage, ServerResponse } from "node:http";
import type { AppClient } from "./clients";
import { DirectoryUser } from "./directory/directory-user";
import type { Grants } from "./grants";
import { redirect } from "./http";
import { OAuthError, type OAuthParameters } from "./oauth";
import type { Sessions, SignedIn } from "./sessions";
import type { UserPools } from "./user-pools";
import type { User } from "./users";

/** The authorization requests of one issuer: who may make them, and how they end. */
export class Authorizations {
  /** Who signed in as another user than the pool has: with a tenant or groups that the operator set. */
  private readonly quick = new Map<string, User>();

  constructor(
    private readonly pools: UserPools,
    private readonly grants: Grants,
    private readonly sessions: Sessions,
  ) {}

  /**
   * Returns the client of an authorization request; answers a request that it may not make, and returns undefined then.
   * @throws {SignInPageError} on another client or redirect URI
   */
  checkedClient(res: ServerResponse, parameters: OAuthParameters): AppClient | undefined {
    const client = this.grants.authorizingClient(parameters);
    try {
      this.grants.checkAuthorization(client, parameters);
      return client;
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      this.sendError(res, parameters, error.message);
      return undefined;
    }
  }

  /** Returns who is signed in in the browser that sent a request, unless the request asks to sign in again. */
  signedIn(req: IncomingMessage, { pool }: AppClient, { prompt = "" }: OAuthParameters): SignedIn | undefined {
    if (/login|select_account/.test(prompt)) return undefined;
    const found = this.sessions.find(req, pool);
    return found?.user instanceof DirectoryUser && !found.user.enabled ? undefined : found;
  }

  /** Signs a person in: remembers the browser, and sends it back with a code. */
  signIn(res: ServerResponse, client: AppClient, parameters: OAuthParameters, user: User): void {
    const signedIn = { user, authTime: this.pools.signer.nowSeconds() };
    this.sessions.start(res, client.pool, signedIn);
    this.sendCode(res, client, parameters, signedIn);
  }

  sendCode(res: ServerResponse, client: AppClient, parameters: OAuthParameters, signedIn: SignedIn): void {
    this.quick.set(signedIn.user.sub, signedIn.user);
    const code = this.grants.issueCode(client, parameters, signedIn);
    redirect(res, parameters["redirect_uri"]!, { code, state: parameters["state"] });
  }

  sendError(
    res: ServerResponse,
    { redirect_uri: uri, state }: OAuthParameters,
    error: string,
    description?: string,
  ): void {
    redirect(res, uri!, { error, error_description: description, state });
  }

  /** Returns the user of an access token's claims. */
  userOf(claims: Readonly<Record<string, unknown>> | undefined): User | undefined {
    return this.quick.get(String(claims?.["sub"])) ?? this.pools.holderOf(claims)?.user;
  }
}
