import { generateKeyPair, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import type { GraphIndex } from "../../graph/model";
import { isLoopbackHost } from "../ports/hosts";
import { type AppClient, readClients } from "./clients";
import { Grants, OAuthError, type OAuthParameters, SignInPageError } from "./grants";
import { TokenSigner } from "./tokens";

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
  /**
   * RSA key of 2048 bits that signs tokens.
   * @default a new key
   */
  readonly privateKey?: KeyObject;
}

/** An issuer that listens. */
export interface RunningIssuer {
  readonly url: string;
  /** Returns the URL of a planned issuer's keys. @throws {Error} when no planned user pool with clients has it */
  jwksUrl(issuer: string): string;
  /** Returns the secret of a client, generated at start; undefined for public clients. */
  clientSecret(clientId: string): string | undefined;
  stop(): Promise<void>;
}

const maxFormBytes = 16 * 1_024;

/** Serves sign-in page, tokens and keys of every planned user pool on loopback, as Cognito's domain and issuer do. */
export async function startIssuer({
  index,
  port,
  log,
  clock = Date.now,
  privateKey,
}: IssuerOptions): Promise<RunningIssuer> {
  const clients = readClients(index);
  const key = privateKey ?? (await promisify(generateKeyPair)("rsa", { modulusLength: 2_048 })).privateKey;
  const issuer = new Issuer(clients, new TokenSigner(key, clock), log);
  const server = createServer((req, res) => void issuer.handle(req, res));
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  issuer.url = url;
  return {
    url,
    jwksUrl: (planned) => {
      const pool = clients.find((client) => client.pool.issuer === planned)?.pool;
      if (pool === undefined) throw new Error(`no planned user pool with clients has the issuer ${planned}; plan one`);
      return `${url}/${pool.id}/.well-known/jwks.json`;
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
  private readonly origins: ReadonlySet<string>;

  constructor(
    private readonly clients: readonly AppClient[],
    private readonly signer: TokenSigner,
    private readonly log: (message: string) => void,
  ) {
    this.grants = new Grants(new Map(clients.map((client) => [client.id, client])), signer);
    this.origins = new Set(
      clients.flatMap((client) =>
        client.callbackUrls.filter((url) => url.startsWith("http")).map((url) => new URL(url).origin),
      ),
    );
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
    if (path !== "/oauth2/authorize") this.allowOrigin(req, res);
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
        return this.authorize(res, parametersOf(query), false);
      case "POST /oauth2/authorize":
        return this.authorize(res, parametersOf(await formOf(req)), true);
      case "POST /oauth2/token":
        return sendJson(res, 200, await this.grants.exchange(parametersOf(await formOf(req)), basicOf(req)));
      case "POST /oauth2/revoke":
        this.grants.revoke(parametersOf(await formOf(req)), basicOf(req));
        return sendJson(res, 200, {});
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
    sendJson(res, 200, {
      issuer: pool.issuer,
      jwks_uri: `${this.url}/${poolId}/.well-known/jwks.json`,
      authorization_endpoint: `${this.url}/oauth2/authorize`,
      token_endpoint: `${this.url}/oauth2/token`,
      revocation_endpoint: `${this.url}/oauth2/revoke`,
      userinfo_endpoint: `${this.url}/oauth2/userInfo`,
      id_token_signing_alg_values_supported: ["RS256"],
      response_types_supported: ["code"],
      scopes_supported: ["openid", "email", "phone", "profile"],
      subject_types_supported: ["public"],
      token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    });
  }

  private authorize(res: ServerResponse, parameters: OAuthParameters, signsIn: boolean): void {
    const client = this.grants.authorizingClient(parameters);
    const redirect = new URL(parameters["redirect_uri"]!);
    const { state } = parameters;
    try {
      this.grants.checkAuthorization(client, parameters);
      if (!signsIn) {
        sendPage(res, 200, signInForm(parameters));
        return;
      }
      redirect.searchParams.set("code", this.grants.issueCode(client, parameters));
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      redirect.searchParams.set("error", error.message);
    }
    if (state !== undefined) redirect.searchParams.set("state", state);
    res.writeHead(302, { location: redirect.href, "cache-control": "no-store" }).end();
  }

  private async userInfo(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const token = /^Bearer (\S+)$/.exec(req.headers.authorization ?? "")?.[1] ?? "";
    const claims = await this.signer.verifyAccessToken(
      token,
      this.clients.map((client) => client.pool),
    );
    const scopes = String(claims?.["scope"] ?? "").split(" ");
    if (!scopes.includes("openid") || this.grants.isRevoked(claims?.["origin_jti"])) {
      res.setHeader("www-authenticate", 'error="invalid_token"');
      return sendJson(res, 401, { error: "invalid_token" });
    }
    sendJson(res, 200, { sub: claims!["sub"], username: claims!["username"] });
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

/** @throws {SignInPageError} on a parameter given twice */
function parametersOf(form: string): OAuthParameters {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(form)) {
    if (parameters.has(name)) throw new SignInPageError("every parameter must be given once");
    parameters.set(name, value);
  }
  return Object.fromEntries(parameters);
}

/** @throws {OAuthError} on another content type or a body over 16 KB */
async function formOf(req: IncomingMessage): Promise<string> {
  const type = req.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") throw new OAuthError("invalid_request");
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req) {
    bytes += chunk.length;
    if (bytes > maxFormBytes) throw new OAuthError("invalid_request");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function basicOf({ headers }: IncomingMessage): readonly [id: string, secret: string] | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [id = "", ...secret] = Buffer.from(encoded, "base64").toString().split(":");
  return [id, secret.join(":")];
}

function sendJson(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" }).end(JSON.stringify(body));
}

function sendPage(res: ServerResponse, status: number, body: string): void {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "x-frame-options": "DENY",
  };
  res.writeHead(status, headers).end(`<!doctype html><title>Local sign-in</title>${body}`);
}

function signInForm(parameters: OAuthParameters): string {
  const hidden = Object.entries(parameters).map(
    ([name, value = ""]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  return `<h1>Local sign-in</h1><p>Any name is accepted.</p><form method="post" action="/oauth2/authorize">${hidden.join("")}<label>User <input name="username" autocomplete="username" required autofocus></label> <button>Sign in</button></form>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
