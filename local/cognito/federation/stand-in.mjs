// The stand-in for the external identity providers of the planned user pools: an OpenID Connect provider by oidc-provider, on
// loopback, which is independent of the issuer. Gets its clients over IPC once, and answers with its address.
import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import Provider, { errors } from "oidc-provider";

const maxFormBytes = 8_192;
/** Accounts that signed in, by their ids. */
const accounts = new Map();
/** What the provider keeps, by kind and id. */
const kept = new Map();

/** Keeps what the provider keeps in memory until the process ends. */
class Memory {
  constructor(kind) {
    this.kind = kind;
  }
  async upsert(id, payload) {
    kept.set(`${this.kind} ${id}`, payload);
    if (payload.uid) kept.set(`uid ${payload.uid}`, payload);
  }
  async find(id) {
    return kept.get(`${this.kind} ${id}`);
  }
  async findByUid(uid) {
    return kept.get(`uid ${uid}`);
  }
  async findByUserCode() {
    return undefined;
  }
  async consume(id) {
    kept.get(`${this.kind} ${id}`).consumed = Math.floor(Date.now() / 1_000);
  }
  async destroy(id) {
    kept.delete(`${this.kind} ${id}`);
  }
  async revokeByGrantId(grantId) {
    for (const [key, { grantId: of }] of kept) if (of === grantId) kept.delete(key);
  }
}

const settings = (clients) => ({
  adapter: Memory,
  clients: clients.map(({ id, secret, redirectUri }) => ({
    client_id: id,
    client_secret: secret,
    redirect_uris: [redirectUri],
    response_types: ["code"],
    grant_types: ["authorization_code"],
    token_endpoint_auth_method: "client_secret_post",
  })),
  claims: {
    openid: ["sub"],
    email: ["email", "email_verified"],
    profile: ["name", "given_name", "family_name", "locale"],
  },
  conformIdTokenClaims: false,
  cookies: { keys: [randomBytes(32).toString("hex")] },
  features: { devInteractions: { enabled: false } },
  findAccount: (_ctx, id) => {
    const claims = accounts.get(id);
    return claims && { accountId: id, claims: async () => ({ sub: id, ...claims }) };
  },
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
  jwks: {
    keys: [
      { ...generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey.export({ format: "jwk" }), use: "sig" },
    ],
  },
  loadExistingGrant: (ctx) => granted(ctx),
  pkce: { required: () => false },
  scopes: ["openid", "email", "profile"],
  ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 3_600, IdToken: 300, Interaction: 600, Session: 3_600 },
});

/** Grants what was asked: a person who signs in at a provider of a company is not asked for consent. */
async function granted({ oidc }) {
  const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope(oidc.params.scope);
  await grant.save();
  return grant;
}

async function serve(provider, req, res) {
  if (!/^127\.0\.0\.1(:\d+)?$/.test(req.headers.host ?? "")) return void res.writeHead(403).end();
  if (!/^\/interaction\/[\w-]+$/.test(req.url)) return provider.callback()(req, res);
  try {
    const { params } = await provider.interactionDetails(req, res);
    if (req.method !== "POST") return showPage(res, params.client_id);
    const { email = "" } = Object.fromEntries(new URLSearchParams(await formOf(req)));
    if (!/^[^\s@<>"]{1,64}@[^\s@<>"]{1,255}$/.test(email)) return showPage(res, params.client_id, 400);
    const name = email.split("@")[0];
    const id = createHash("sha256").update(email.toLowerCase()).digest("hex").slice(0, 24);
    accounts.set(id, { email, email_verified: true, name, given_name: name, family_name: "Example", locale: "en" });
    await provider.interactionFinished(req, res, { login: { accountId: id } }, { mergeWithLastSubmission: false });
  } catch (error) {
    const status = error instanceof errors.OIDCProviderError ? 400 : 500;
    if (!res.headersSent) res.writeHead(status, { "content-type": "text/plain" });
    res.end("The sign-in is over. Begin again in the application.");
  }
}

async function formOf(req) {
  let text = "";
  for await (const chunk of req) {
    text += chunk;
    if (text.length > maxFormBytes) throw new Error("the form is too large");
  }
  return text;
}

const style =
  ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:24rem;margin:15vh auto;padding:0 1rem}label{display:grid;gap:.25rem;font-weight:600}input,button{font:inherit;padding:.625rem .75rem;margin-bottom:1rem;width:100%;box-sizing:border-box}";

function showPage(res, clientId, status = 200) {
  const hash = createHash("sha256").update(style).digest("base64");
  const shown = String(clientId).replace(/[^\w .-]/g, "");
  res.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    // A form's redirects lead through the issuer to the application, whose address the provider does not know.
    "content-security-policy": `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri 'none'`,
    "x-frame-options": "DENY",
  });
  res.end(`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>External sign-in</title><style>${style}</style></head><body><main><h1>External sign-in</h1>
<p>This stands in for the provider that knows the user pool as ${shown}. Any address signs in.</p>
<form method="post"><label>E-mail address<input name="email" type="email" autocomplete="username" required autofocus></label>
<button>Sign in</button></form></main></body></html>`);
}

process.once("disconnect", () => process.exit());
process.once("message", ({ clients }) => {
  let provider;
  const server = createServer((req, res) => void serve(provider, req, res));
  server.listen(0, "127.0.0.1", () => {
    const url = `http://127.0.0.1:${server.address().port}`;
    provider = new Provider(url, settings(clients));
    process.send({ url });
  });
});
