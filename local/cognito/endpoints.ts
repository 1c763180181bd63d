import type { IncomingMessage, ServerResponse } from "node:http";
import { isLoopbackHost } from "../ports/hosts";
import { Authentication } from "./accounts/authentication";
import { Authorizations } from "./authorizations";
import type { AppClient } from "./clients";
import { CognitoError } from "./cognito-error";
import { discoveryDocument } from "./discovery-document";
import { ExternalSignIns, type ExternalSignInsParts, responsePath } from "./federation/external-sign-ins";
import { Grants } from "./grants";
import { basicOf, formParameters, queryParameters, redirect, sendJson } from "./http";
import { OAuthError, type OAuthParameters, SignInPageError } from "./oauth";
import { CrossSite, refuseBrowsers } from "./pages/cross-site";
import { html } from "./pages/html";
import { mailboxPage } from "./pages/mailbox-page";
import { sendPage } from "./pages/send-page";
import { SignInPages } from "./pages/sign-in-pages";
import { quickSignIn } from "./quick-sign-in";
import { Sessions } from "./sessions";
import { refuseUserInfo, userInfoOf } from "./user-info";
import type { UserPools } from "./user-pools";

/** Paths that scripts of the clients' own pages may read. */
const readable = /^\/(clients|oauth2\/(token|revoke|userInfo)|[^/]+\/\.well-known\/[^/]+)$/;

/** The endpoints of the planned user pools: OAuth 2.0, OpenID Connect and the sign-in pages. */
export class Endpoints {
  url = "";
  private readonly grants: Grants;
  private readonly sessions: Sessions;
  private readonly authorizations: Authorizations;
  private readonly signInPages: SignInPages;
  private readonly external: ExternalSignIns;
  private readonly origins: ReadonlySet<string>;

  constructor(
    private readonly pools: UserPools,
    private readonly clients: readonly AppClient[],
    external: Pick<ExternalSignInsParts, "providers" | "standIn">,
    private readonly log: (message: string) => void,
  ) {
    const { signer, refreshTokens } = pools;
    this.grants = new Grants(new Map(clients.map((each) => [each.id, each])), signer, refreshTokens);
    this.sessions = new Sessions(() => signer.nowSeconds());
    this.authorizations = new Authorizations(pools, this.grants, this.sessions);
    this.signInPages = new SignInPages({
      ...{ pools, authentication: new Authentication(pools), authorizations: this.authorizations },
      ...{ crossSite: new CrossSite(), origin: () => this.url },
    });
    const { authorizations } = this;
    this.external = new ExternalSignIns({ pools, authorizations, ...external, url: () => this.url });
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
      else if (error instanceof SignInPageError)
        sendPage(res, {
          status: 400,
          title: "Sign-in",
          body: html`<h1>This does not work</h1><p>${error.message}</p>`,
        });
      else {
        this.log(`issuer: ${req.method} failed: ${(error as Error).message}`);
        sendJson(res, 500, { error: "server_error" });
      }
    }
  }

  private async dispatch(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const [path = "", query = ""] = (req.url ?? "").split("?", 2);
    if (!isLoopbackHost(req.headers.host ?? "")) return sendJson(res, 403, { message: "Forbidden" });
    if (readable.test(path)) this.allowOrigin(req, res);
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
      case "POST /oauth2/authorize":
        return this.quickSignIn(req, res, await formParameters(req));
      case `GET ${responsePath}`:
        return this.external.finish(req, res, queryParameters(query));
      case "GET /mailbox":
        return this.mailbox(res, queryParameters(query)["to"]);
      case "GET /mailbox/messages":
        return sendJson(res, 200, this.pools.mailbox.messages(queryParameters(query)["to"]));
      case "GET /logout":
        return this.signOut(req, res, queryParameters(query));
      case "POST /oauth2/token":
        return sendJson(res, 200, await this.grants.exchange(await formParameters(req), basicOf(req)));
      case "POST /oauth2/revoke":
        return this.revoke(req, res);
      case "GET /oauth2/userInfo":
        return this.userInfo(req, res);
      default:
        if (await this.signInPages.answer(req, res, path, queryParameters(query))) return;
        if (req.method === "OPTIONS") res.writeHead(204).end();
        else sendJson(res, 404, { message: "Not Found" });
    }
  }

  private async wellKnown(res: ServerResponse, poolId: string, document: string): Promise<void> {
    const pool = this.clients.find((client) => client.pool.id === poolId)?.pool;
    if (pool && document === "jwks.json") return sendJson(res, 200, await this.pools.signer.jwks());
    if (!pool || document !== "openid-configuration") return sendJson(res, 404, { message: "Not Found" });
    sendJson(res, 200, discoveryDocument(this.url, pool));
  }

  private mailbox(res: ServerResponse, to: string | undefined): void {
    sendPage(res, { title: "Mailbox", body: mailboxPage(this.pools.mailbox.messages(to), to), wide: true });
  }

  /** Answers an authorization request: a browser that is signed in gets a code, others the sign-in page. */
  private async authorize(req: IncomingMessage, res: ServerResponse, parameters: OAuthParameters): Promise<void> {
    const { authorizations } = this;
    const client = authorizations.checkedClient(res, parameters);
    if (client === undefined) return;
    const provider = this.external.providerOf(client, parameters);
    if (provider !== undefined) return this.external.begin(res, client, parameters, provider);
    const signedIn = authorizations.signedIn(req, client, parameters);
    if (signedIn !== undefined) authorizations.sendCode(res, client, parameters, signedIn);
    else if (parameters["prompt"] === "none") authorizations.sendError(res, parameters, "login_required");
    else redirect(res, `${this.url}/login`, parameters);
  }

  /** Signs a person in by a name alone, for a program of the operator. */
  private quickSignIn(req: IncomingMessage, res: ServerResponse, parameters: OAuthParameters): void {
    refuseBrowsers(req);
    const client = this.authorizations.checkedClient(res, parameters);
    if (client === undefined) return;
    this.authorizations.signIn(res, client, parameters, quickSignIn(this.pools, client, parameters));
  }

  /** Signs a browser out. @see https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html */
  private signOut(req: IncomingMessage, res: ServerResponse, parameters: OAuthParameters): void {
    const url = this.grants.signOutUrl(parameters);
    this.sessions.end(req, res);
    const { state } = parameters;
    if (url !== undefined) redirect(res, url, { state });
    else if (this.authorizations.checkedClient(res, parameters)) redirect(res, `${this.url}/login`, parameters);
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
    const user = this.authorizations.userOf(claims);
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
