import type { IncomingMessage, ServerResponse } from "node:http";
import { isLoopbackHost } from "../ports/hosts";
import type { AppClient } from "./clients";
import { CognitoError } from "./cognito-error";
import { discoveryDocument } from "./discovery-document";
import { Grants } from "./grants";
import { basicOf, formParameters, queryParameters, redirect, sendJson } from "./http";
import { OAuthError, type OAuthParameters, SignInPageError } from "./oauth";
import { sendPage, signInForm } from "./pages";
import { quickSignIn } from "./quick-sign-in";
import { Sessions, type SignedIn } from "./sessions";
import { refuseUserInfo, userInfoOf } from "./user-info";
import type { UserPools } from "./user-pools";
import type { User } from "./users";

/** Paths of pages, which no script of another origin reads. */
const pages = ["/oauth2/authorize", "/login", "/logout"];

/** The endpoints of the planned user pools: OAuth 2.0, OpenID Connect and the sign-in pages. */
export class Endpoints {
  url = "";
  private readonly grants: Grants;
  private readonly sessions: Sessions;
  /** Who signed in as another user than the pool has: with a tenant or groups that the operator set. */
  private readonly quick = new Map<string, User>();
  private readonly clients: readonly AppClient[];
  private readonly origins: ReadonlySet<string>;

  constructor(
    private readonly pools: UserPools,
    private readonly log: (message: string) => void,
  ) {
    const { clients, signer, refreshTokens } = pools;
    this.clients = [...clients.values()];
    this.grants = new Grants(clients, signer, refreshTokens);
    this.sessions = new Sessions(() => signer.nowSeconds());
    const urls = this.clients.flatMap(({ callbackUrls }) => callbackUrls.filter((url) => url.startsWith("http")));
    this.origins = new Set(urls.map((url) => new URL(url).origin));
  }

  async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      await this.dispatch(req, res);
    } catch (error) {
      if (error instanceof OAuthError) sendJson(res, 400, { error: error.message });
      // Of a trigger: no token is issued then.
      else if (error instanceof CognitoError) sendJson(res, 400, { error: "invalid_request" });
      else if (error instanceof SignInPageError) sendPage(res, 400, `<p>${error.message}</p>`);
      else {
        this.log(`issuer: ${req.method} failed: ${(error as Error).message}`);
        sendJson(res, 500, { error: "server_error" });
      }
    }
  }

  private async dispatch(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const [path = "", query = ""] = (req.url ?? "").split("?", 2);
    if (!isLoopbackHost(req.headers.host ?? "")) return sendJson(res, 403, { message: "Forbidden" });
    if (!pages.includes(path)) this.allowOrigin(req, res);
    const [, poolId, document] = /^\/([^/]+)\/\.well-known\/([^/]+)$/.exec(path) ?? [];
    if (poolId !== undefined) return this.wellKnown(res, poolId, document ?? "");
    switch (`${req.method} ${path}`) {
      case "GET /clients":
        return sendJson(
          res,
          200,
          this.clients.map(({ id, flows, scopes, callbackUrls }) => ({ id, flows, scopes, callbackUrls })),
        );
      case "GET /oauth2/authorize":
        return this.authorize(req, res, queryParameters(query));
      case "GET /login":
        return this.showForm(res, queryParameters(query));
      case "POST /login":
      case "POST /oauth2/authorize": // of programs that sign in without a browser
        return this.signIn(res, await formParameters(req));
      case "GET /logout":
        return this.signOut(req, res, queryParameters(query));
      case "POST /oauth2/token":
        return sendJson(res, 200, await this.grants.exchange(await formParameters(req), basicOf(req)));
      case "POST /oauth2/revoke":
        return this.revoke(req, res);
      case "GET /oauth2/userInfo":
        return this.userInfo(req, res);
      default:
        return req.method === "OPTIONS" ? void res.writeHead(204).end() : sendJson(res, 404, { message: "Not Found" });
    }
  }

  private async wellKnown(res: ServerResponse, poolId: string, document: string): Promise<void> {
    const pool = this.clients.find((client) => client.pool.id === poolId)?.pool;
    if (pool && document === "jwks.json") return sendJson(res, 200, await this.pools.signer.jwks());
    if (!pool || document !== "openid-configuration") return sendJson(res, 404, { message: "Not Found" });
    sendJson(res, 200, discoveryDocument(this.url, pool));
  }

  private showForm(res: ServerResponse, parameters: OAuthParameters): void {
    if (this.checkedClient(res, parameters)) sendPage(res, 200, signInForm(parameters));
  }

  /** Answers an authorization request: a browser that is signed in gets a code, others the sign-in page. */
  private authorize(req: IncomingMessage, res: ServerResponse, parameters: OAuthParameters): void {
    const client = this.checkedClient(res, parameters);
    if (client === undefined) return;
    const { prompt = "" } = parameters;
    const signedIn = /login|select_account/.test(prompt) ? undefined : this.sessions.find(req, client.pool);
    if (signedIn !== undefined) this.sendCode(res, client, parameters, signedIn);
    else if (prompt === "none") this.sendError(res, parameters, "login_required");
    else redirect(res, `${this.url}/login`, parameters);
  }

  /** Signs a person in with the form of the sign-in page. */
  private signIn(res: ServerResponse, parameters: OAuthParameters): void {
    const client = this.checkedClient(res, parameters);
    if (client === undefined) return;
    const user = quickSignIn(this.pools, client, parameters);
    const signedIn = { user, authTime: this.pools.signer.nowSeconds() };
    this.sessions.start(res, client.pool, signedIn);
    this.sendCode(res, client, parameters, signedIn);
  }

  /** Signs a browser out. @see https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html */
  private signOut(req: IncomingMessage, res: ServerResponse, parameters: OAuthParameters): void {
    const url = this.grants.signOutUrl(parameters);
    this.sessions.end(req, res);
    const { state } = parameters;
    if (url !== undefined) redirect(res, url, { state });
    else if (this.checkedClient(res, parameters)) redirect(res, `${this.url}/login`, parameters);
  }

  /**
   * Returns the client of an authorization request; answers a request that it may not make, and returns undefined then.
   * @throws {SignInPageError} on another client or redirect URI
   */
  private checkedClient(res: ServerResponse, parameters: OAuthParameters): AppClient | undefined {
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

  private sendCode(res: ServerResponse, client: AppClient, parameters: OAuthParameters, signedIn: SignedIn): void {
    this.quick.set(signedIn.user.sub, signedIn.user);
    const code = this.grants.issueCode(client, parameters, signedIn);
    redirect(res, parameters["redirect_uri"]!, { code, state: parameters["state"] });
  }

  private sendError(res: ServerResponse, { redirect_uri: uri, state }: OAuthParameters, error: string): void {
    redirect(res, uri!, { error, state });
  }

  private async revoke(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      this.grants.revoke(await formParameters(req), basicOf(req));
      res.writeHead(200, { "cache-control": "no-store" }).end();
    } catch (error) {
      const unauthorized = error instanceof OAuthError && error.message === "invalid_client";
      if (!unauthorized) throw error;
      sendJson(res, 401, { error: error.message });
    }
  }

  private async userInfo(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const token = /^Bearer (\S+)$/.exec(req.headers.authorization ?? "")?.[1];
    if (token === undefined) return refuseUserInfo(res, "invalid_request");
    const { signer, pools, clients, refreshTokens } = this.pools;
    const claims = await signer.verifyAccessToken(token, pools);
    const scopes = String(claims?.["scope"] ?? "").split(" ");
    const client = clients.get(String(claims?.["client_id"]));
    const user = this.quick.get(String(claims?.["sub"])) ?? this.pools.holderOf(claims)?.user;
    const revoked = refreshTokens.isRevoked(claims?.["origin_jti"]);
    if (!client || !user || revoked || !scopes.includes("openid")) return refuseUserInfo(res, "invalid_token");
    sendJson(res, 200, userInfoOf(user, client, scopes));
  }

  /** Allows the origins of callback URLs, as browser apps exchange their codes from there. */
  private allowOrigin(req: IncomingMessage, res: ServerResponse): void {
    const { origin = "" } = req.headers;
    res.setHeader("vary", "Origin");
    if (!this.origins.has(origin)) return;
    res.setHeader("access-control-allow-origin", origin);
    res.setHeader("access-control-allow-headers", "authorization,content-type");
  }
}
