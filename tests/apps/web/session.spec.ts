import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { serve, stopAll } from "../../local/apigateway/http/helpers/running";

/** The part of the session that is tested: its source is compiled with the types of browsers (apps/web/tsconfig.json). */
interface TestedSession {
  readonly person: { readonly email: string } | undefined;
  changed: () => void;
  begin(): Promise<void>;
  finish(url: URL): Promise<string | undefined>;
  accessToken(): Promise<string | undefined>;
  renewNow(): Promise<{ readonly email: string } | undefined>;
  readonly away: boolean;
}
const { Session } = require("../../../apps/web/session") as { Session: new (settings: object) => TestedSession };
const issuer = "https://pool.example.com";
const clientId = "web";
/** Life of a token in seconds that is replaced before its next use. */
const nearlyOver = 0.001;
const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

describe("the web app's session", () => {
  const page = { origin: "https://app.example.com", pathname: "/food-store", left: "" };
  const stored = new Map<string, string>();
  const globals: Record<string, object> = {
    location: Object.assign(page, { assign: (url: string) => Object.assign(page, { left: url }) }),
    history: { replaceState: () => {} },
    sessionStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
      removeItem: (key: string) => stored.delete(key),
    },
  };
  let url: string;
  let nonce: string | null;
  let answer: RequestListener;
  let asked: string[];

  /** Answers tokens whose access token is `name`. */
  const tokens =
    (name: string, seconds: number): RequestListener =>
    (_, response) => {
      const now = Math.floor(Date.now() / 1_000);
      const claims = {
        iss: issuer,
        aud: clientId,
        sub: "1",
        iat: now,
        exp: now + 300,
        email: "ada@example.com",
        nonce,
      };
      const id_token = `${encoded({ alg: "RS256" })}.${encoded(claims)}.c2ln`;
      response.writeHead(200, { "content-type": "application/json" });
      const body = { access_token: name, id_token, refresh_token: `${name}-refresh`, token_type: "bearer" };
      response.end(JSON.stringify({ ...body, expires_in: seconds }));
    };
  const refused: RequestListener = (_, response) => {
    response.writeHead(400, { "content-type": "application/json" }).end('{"error":"invalid_grant"}');
  };

  before(async () => {
    Object.assign(globalThis, globals);
    const { origin } = await serve((request, response) => {
      let body = "";
      request.on("data", (part) => {
        body += part;
      });
      request.on("end", () => {
        asked.push(new URLSearchParams(body).get("refresh_token") ?? "code");
        answer(request, response);
      });
    });
    url = origin;
  });
  after(async () => {
    for (const name of Object.keys(globals)) delete (globalThis as Record<string, unknown>)[name];
    await stopAll();
  });

  /** A session that has just come back from the sign-in page, whose token ends so soon that it is renewed. */
  async function signedIn(): Promise<TestedSession> {
    const session = new Session({ issuer, url, clientId, scopes: ["food-store/write"] });
    await session.begin();
    const sent = new URL(page.left).searchParams;
    nonce = sent.get("nonce");
    asked = [];
    answer = tokens("first", nearlyOver);
    const back = `https://app.example.com/signed-in?code=c&state=${sent.get("state")}`;
    assert.equal(await session.finish(new URL(back)), undefined);
    assert.equal(session.person!.email, "ada@example.com");
    assert.equal(stored.size, 0);
    await sleep(2);
    return session;
  }

  it("renews a token that ends soon, once for all requests that wait for it, by the newest refresh token", async () => {
    const session = await signedIn();
    answer = tokens("second", nearlyOver);
    const both = await Promise.all([session.accessToken(), session.accessToken()]);
    assert.deepEqual(both, ["second", "second"]);
    await sleep(2);
    answer = tokens("third", 3_600);
    assert.deepEqual([await session.accessToken(), await session.accessToken()], ["third", "third"]);
    assert.deepEqual(asked, ["code", "first-refresh", "second-refresh"]);
  });

  it("is over when the user pool refuses to renew it", async () => {
    const session = await signedIn();
    let changes = 0;
    session.changed = () => changes++;
    answer = refused;
    assert.deepEqual([await session.accessToken(), session.person, changes], [undefined, undefined, 1]);
  });

  it("goes on when the user pool does not answer, and is renewed when it does", async () => {
    const session = await signedIn();
    const failures: RequestListener[] = [
      (request) => request.socket.destroy(),
      (_, response) => response.writeHead(503).end("not now"),
    ];
    for (const failure of failures) {
      answer = failure;
      assert.deepEqual([await session.accessToken(), session.person!.email], ["first", "ada@example.com"]);
      assert.equal(session.away, true);
    }
    answer = tokens("second", 3_600);
    assert.deepEqual([await session.accessToken(), session.away], ["second", false]);
  });

  it("is renewed at once when groups have changed", async () => {
    const session = await signedIn();
    answer = tokens("second", 3_600);
    await session.accessToken();
    answer = tokens("third", 3_600);
    assert.equal((await session.renewNow())?.email, "ada@example.com");
    assert.equal(await session.accessToken(), "third");
    answer = refused;
    assert.deepEqual([await session.renewNow(), await session.renewNow()], [undefined, undefined]);
  });

  it("keeps a short token for four fifths of its life", async () => {
    const session = await signedIn();
    answer = tokens("second", 5);
    assert.equal(await session.accessToken(), "second");
    answer = tokens("third", 3_600);
    assert.equal(await session.accessToken(), "second");
  });

  it("comes back to a path that no host is read from", async () => {
    const session = await signedIn();
    Object.assign(page, { pathname: "//evil.example.com/x" });
    await session.begin();
    assert.equal(JSON.parse(stored.get("sign-in")!).back, "/evil.example.com/x");
    Object.assign(page, { pathname: "/food-store" });
  });

  it("is not begun by an answer to another sign-in", async () => {
    const session = await signedIn();
    await session.begin();
    const back = new URL("https://app.example.com/signed-in?code=c&state=other");
    assert.match((await session.finish(back))!, /^The sign-in was not completed: .*Sign in again\.$/);
    assert.match((await session.finish(back))!, /^This sign-in was not begun in this tab/);
    assert.deepEqual(asked, ["code"]);
  });
});
