import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { GraphIndex } from "../../graph/model";
import { UserError } from "../../graph/user-error";
import { isLoopbackHost } from "../ports/hosts";
import { type AppClient, readClients } from "./clients";
import { discoveryDocument } from "./discovery-document";
import { Grants } from "./grants";
import { basicOf, formParameters, queryParameters, redirect, sendJson } from "./http";
import { OAuthError, type OAuthParameters, SignInPageError } from "./oauth";
import { sendPage, signInForm } from "./pages";
import type { InvokeFunction } from "./pre-token";
import { Sessions, type SignedIn } from "./sessions";
import { newSigningKeys, type SigningKeys, TokenSigner } from "./tokens";
import { refuseUserInfo, userInfoOf } from "./user-info";
import type { User } from "./users";

/** Options of `startIssuer`. */
export interface IssuerOptions {
  readonly index: GraphIndex;
  /** 0 takes a free port. */
  readonly port: number;
  readonly log: (message: string) => void;
  /**
   * Milliseconds since the epoch.
   * @default Date.now
   */
  readonly clock?: () => number;
  /** Invokes the functions that pools ask for claims. @default a pool with such a function issues no token */
  readonly invoke?: InvokeFunction;
  /** @default new ones */
  readonly keys?: SigningKeys | Promise<SigningKeys>;
}

/** An issuer that listens. */
export interface RunningIssuer {
  readonly url: string;
  /** URL of the keys by the planned one. */
  readonly keyAddresses: ReadonlyMap<string, string>;
  /** Returns the URL of a planned issuer's keys. @throws {Error} when no planned user pool with clients has it */
  jwksUrl(issuer: string): string;
  /** Returns the secret of a client, generated at start; undefined for public clients. */
  clientSecret(clientId: string): string | undefined;
  stop(): Promise<void>;
}

/** Paths of pages, which no script of another origin reads. */
const pages = ["/oauth2/authorize", "/login", "/logout"];

/** Serves sign-in page, tokens and keys of every planned user pool on loopback, as Cognito's domain and issuer do. */
export async function startIssuer({
  index,
  port,
  log,
  clock = Date.now,
  keys = newSigningKeys(),
  invoke = () => Promise.reject(new Error("no functions run")),
}: IssuerOptions): Promise<RunningIssuer> {
  const clients = readClients(index);
  const issuer = new Issuer(clients, new TokenSigner(await keys, clock, invoke), log);
  const server = createServer((req, res) => void issuer.handle(req, res));
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  issuer.url = url;
  const path = ".well-known/jwks.json";
  const keyAddresses = new Map(clients.map(({ pool }) => [`${pool.issuer}/${path}`, `${url}/${pool.id}/${path}`]));
  return {
    url,
    keyAddresses,
    jwksUrl: (planned) => {
      const address = keyAddresses.get(`${planned}/${path}`);
      if (address !== undefined) return address;
      throw new UserError(`no planned user pool with clients has the issuer ${planned}; plan one`);
    },
    clientSecret: (id) => clients.find((client) => client.id === id)?.secret,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class Issuer {
  url = "";
  private readonly grants: Grants;
  private readonly sessions: Sessions;
  /** Everyone who signed in, by `sub`. */
  private readonly users = new Map<string, User>();
  private readonly origins: ReadonlySet<string>;

  constructor(
    private readonly clients: readonly AppClient[],
    private readonly signer: TokenSigner,
    private readonly log: (message: string) => void,
  ) {
    this.grants = new Grants(new Map(clients.map((client) => [client.id, client])), signer);
    this.sessions = new Sessions(() => signer.nowSeconds());
    const urls = clients.flatMap(({ callbackUrls }) => callbackUrls.filter((url) => url.startsWith("http")));
    this.origins = new Set(urls.map((url) => new URL(url).origin));
  }

  async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    try {
      await this.dispatch(req, res);
    } catch (error) {
      if (error instanceof OAuthError) sendJson(res, 400, { error: error.message });
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
    if (pool && document === "jwks.json") return sendJson(res, 200, await this.signer.jwks());
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
    const user = this.grants.signIn(client, parameters);
    const signedIn = { user, authTime: this.signer.nowSeconds() };
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
    this.users.set(signedIn.user.sub, signedIn.user);
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
    const pools = this.clients.map(({ pool }) => pool);
    const claims = await this.signer.verifyAccessToken(token, pools);
    const scopes = String(claims?.["scope"] ?? "").split(" ");
    const client = this.clients.find(({ id }) => id === claims?.["client_id"]);
    const user = this.users.get(String(claims?.["sub"]));
    const revoked = this.grants.isRevoked(claims?.["origin_jti"]);
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
