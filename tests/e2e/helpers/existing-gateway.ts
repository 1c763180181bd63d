import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { jwksOf, signed, signingKey } from "../../apps/helpers/tokens";

/** Claims of a token, without those that every token has. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * A stand-in of the gateway server that a company has: an issuer of tokens with keys of its own, which serves them as
 * OpenID Connect servers do, and the endpoint of a legacy route.
 */
export class ExistingGateway {
  readonly issuer = "https://login.example.com/";
  /** Requests of its keys. */
  keyRequests = 0;
  private readonly key = signingKey("existing-1");
  private readonly server: Server = createServer((req, res) => {
    if (req.url?.startsWith("/rates")) return void res.writeHead(200, { "x-legacy": "1" }).end('{"legacy":true}');
    if (req.url !== "/oauth2/jwks") return void res.writeHead(404).end();
    this.keyRequests += 1;
    res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(jwksOf(this.key)));
  });

  /** Starts it. @returns its origin on this machine */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Signs an access token as the server does, with its own names of scopes. */
  token(claims: Claims = {}, key = this.key): string {
    const now = Math.floor(Date.now() / 1_000);
    const usual = { iss: this.issuer, sub: "alice", aud: "platform", scope: "orders.write", iat: now, exp: now + 600 };
    return signed({ alg: "RS256", kid: "existing-1", typ: "at+jwt" }, { ...usual, ...claims }, key);
  }
}

/** What an environment says of this server. */
export const existingIssuer = {
  issuer: "https://login.example.com/",
  audiences: ["platform"],
  jwksUrl: "https://login.example.com/oauth2/jwks",
  scopes: { "orders.write": ["shipping/write", "pet-store/write", "food-store/write"] },
};
