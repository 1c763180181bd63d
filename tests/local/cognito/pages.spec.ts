import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as cognito from "@pulumi/aws/cognito";
import * as aws from "@pulumi/aws/provider";
import { decodeJwt } from "jose";
import { request } from "undici";
import { capture } from "../../../graph/capture/capture";
import { GraphIndex } from "../../../graph/model";
import { type RunningIssuer, startIssuer } from "../../../local/cognito/issuer";
import { UserPools } from "../../../local/cognito/user-pools";
import { totpCode } from "../../helpers/totp";
import { Browser } from "./browser";
import { callback, keys } from "./planned";

const address = "ada@example.com";
const password = "a long Passw0rd";
const verifier = "v".repeat(43);
/** Markup that must never be markup of a page. */
const markup = `"><script>alert(1)</script>`;

describe("the local sign-in pages", () => {
  let issuer: RunningIssuer;
  let pools: UserPools;
  let passed = 0;
  /** What the trigger of messages answers, if anything. */
  let message: object | undefined;
  const now = () => Date.now() + passed;

  before(async () => {
    const index = new GraphIndex(await capture(program));
    const invoke = async (_arn: string, event: any) => ({ ...event, response: message ?? event.response });
    pools = new UserPools(index, { keys, clock: now, invoke });
    issuer = await startIssuer({ index, port: 0, log: () => {}, userPools: pools });
  });
  after(() => issuer.stop());
  beforeEach(() => {
    message = undefined;
  });

  const clientId = (name: string) => [...pools.clients.values()].find((client) => client.name.startsWith(name))!.id;
  const asking = (client = "app", more: Record<string, string> = {}) =>
    new URLSearchParams({
      ...{ client_id: clientId(client), redirect_uri: callback, response_type: "code", state: "s1" },
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      ...{ code_challenge_method: "S256", ...more },
    });
  const codeFor = (to: string) => pools.mailbox.messages(to)[0]!.code;

  async function opened(path = "/login", client = "app"): Promise<Browser> {
    const browser = new Browser(issuer.url);
    await browser.get(`${path}?${asking(client)}`);
    return browser;
  }

  async function signedUp(username: string, client = "app"): Promise<Browser> {
    const browser = await opened("/signup", client);
    await browser.submit({ username, password });
    await browser.submit({ code: codeFor(username) });
    return browser;
  }

  async function tokensOf(location: string, client = "app"): Promise<any> {
    const form = {
      ...{ grant_type: "authorization_code", client_id: clientId(client), redirect_uri: callback },
      ...{ code: new URL(location).searchParams.get("code") ?? "", code_verifier: verifier },
    };
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const body = String(new URLSearchParams(form));
    const answer = await request(`${issuer.url}/oauth2/token`, { method: "POST", headers, body });
    return answer.body.json();
  }

  it("sign a person up, ask for the code of the mailbox, and sign in with what was chosen", async () => {
    const browser = await opened("/signup");
    const asked = await browser.submit({ username: address, password });
    assert.equal(asked.heading, "Confirm your account");
    assert.equal(
      (await browser.submit({ code: "000000" })).problem,
      "Invalid verification code provided, please try again.",
    );
    const mailbox = await new Browser(issuer.url).get(`/mailbox?to=${encodeURIComponent(address)}`);
    const code = /class="code">(\d{6})</.exec(mailbox.text)![1]!;
    assert.equal((await browser.submit({ code })).heading, "Sign in");
    assert.equal(
      (await browser.submit({ username: address, password: "wrong" })).problem,
      "Incorrect username or password.",
    );
    const { location } = await browser.submit({ username: address, password });
    assert.match(location, /^http:\/\/localhost:3000\/callback\?code=[\w-]+&state=s1$/);
    const { email, email_verified } = decodeJwt((await tokensOf(location)).id_token) as any;
    assert.deepEqual([email, email_verified], [address, true]);
    const again = await browser.get(`/oauth2/authorize?${asking()}`);
    assert.match(again.location, /callback\?code=/);
  });

  it("show what a password must have, and refuse one that has not", async () => {
    const browser = await opened("/signup");
    assert.match(
      browser.last!.text,
      /at least 12 characters, with a small letter, a capital letter, a digit, a symbol\./,
    );
    const { status, problem } = await browser.submit({ username: "new@example.com", password: "short" });
    assert.deepEqual([status, problem], [400, "Password did not conform with policy: Password not long enough"]);
  });

  it("replace a forgotten password by a code, once", async () => {
    await signedUp("eve@example.com");
    const browser = await opened("/forgotPassword");
    assert.equal((await browser.submit({ username: "eve@example.com" })).heading, "Choose a new password");
    const code = codeFor("eve@example.com");
    await browser.submit({ code, password: "another Passw0rd" });
    assert.equal(browser.last!.heading, "Sign in");
    const { location } = await browser.submit({ username: "eve@example.com", password: "another Passw0rd" });
    assert.match(location, /callback\?code=/);
    const second = await opened("/forgotPassword");
    await second.submit({ username: "eve@example.com" });
    assert.match((await second.submit({ code, password: "a third Passw0rd" })).problem!, /^Invalid verification code/);
  });

  it("set a software token up where the pool requires one, and ask for its code from then on, never twice for one", async () => {
    const browser = await signedUp("mia@example.com", "strict");
    await browser.submit({ username: "mia@example.com", password });
    assert.equal(browser.last!.heading, "Set up an authenticator app");
    const secret = /data-secret="([A-Z2-7]+)"/.exec(browser.last!.text)![1]!;
    assert.match(browser.last!.text, new RegExp(`otpauth://totp/[^"]*secret=${secret}`));
    assert.equal((await browser.submit({ code: "000000" })).problem, "Code mismatch");
    const code = totpCode(secret, now());
    assert.match((await browser.submit({ code })).location, /callback\?code=/);
    const second = await opened("/login", "strict");
    await second.submit({ username: "mia@example.com", password });
    assert.equal(second.last!.heading, "Two-step verification");
    assert.equal((await second.submit({ code })).problem, "Your software token has already been used once.");
    for (const steps of [2, -2]) {
      const far = totpCode(secret, now() + steps * 30_000);
      assert.equal((await second.submit({ code: far })).problem, "Invalid code received for user");
    }
    assert.match((await second.submit({ code: totpCode(secret, now() + 30_000) })).location, /callback\?code=/);
    const third = await opened("/login", "strict");
    await third.submit({ username: "mia@example.com", password });
    assert.match((await third.submit({ code: totpCode(secret, now() - 30_000) })).location, /callback\?code=/);
  });

  it("begin again when the time for a challenge is over", async () => {
    const browser = await opened("/login", "strict");
    await browser.submit({ username: "mia@example.com", password });
    passed += 181_000;
    const { heading, problem } = await browser.submit({ code: "123456" });
    assert.deepEqual(
      [heading, problem],
      ["Sign in", "Invalid session for the user, session is expired. Sign in again."],
    );
  });

  it("ask for a password in place of a temporary one", async () => {
    const directory = pools.directory(pools.clients.get(clientId("app"))!.pool.id);
    const user = directory.add(directory.draft("tom@example.com", {}));
    user.setPassword(password);
    user.status = "FORCE_CHANGE_PASSWORD";
    const browser = await opened();
    await browser.submit({ username: "tom@example.com", password });
    assert.equal(browser.last!.heading, "Choose a password of your own");
    assert.match((await browser.submit({ password: "another Passw0rd" })).location, /callback\?code=/);
  });

  it("lead a person who has not confirmed to the code", async () => {
    const browser = await opened("/signup");
    await browser.submit({ username: "pia@example.com", password });
    const later = await opened();
    await later.submit({ username: "pia@example.com", password });
    assert.deepEqual([later.last!.heading, later.last!.problem], ["Confirm your account", "User is not confirmed."]);
    await later.submit({}, { form: 1 });
    assert.equal((await later.submit({ code: codeFor("pia@example.com") })).heading, "Sign in");
  });

  it("are the same for people who do not exist", async () => {
    const answers = async (username: string) => {
      const login = await (await opened()).submit({ username, password: "wrong" });
      const forgot = await (await opened("/forgotPassword")).submit({ username });
      const confirm = await (await opened("/forgotPassword")).submit({ username: "none@example.com" });
      return [login.status, login.problem, forgot.heading, forgot.problem, confirm.heading];
    };
    await signedUp("kim@example.com");
    assert.deepEqual(await answers("kim@example.com"), await answers("none@example.com"));
  });

  it("lock out who guesses a password", async () => {
    await signedUp("max@example.com");
    for (let i = 0; i < 5; i++) await (await opened()).submit({ username: "max@example.com", password: "wrong" });
    const { problem } = await (await opened()).submit({ username: "max@example.com", password });
    assert.equal(problem, "Password attempts exceeded");
  });

  describe("are refused to", () => {
    it("a form of another site, or of another browser", async () => {
      const browser = await opened();
      const form = browser.last!.forms[0]!;
      const body = String(new URLSearchParams({ ...form.fields, username: address, password }));
      const without = new Browser(issuer.url);
      assert.equal((await without.send("POST", form.action, { body })).status, 400);
      const victim = await opened();
      assert.equal((await victim.send("POST", form.action, { body })).status, 400);
      assert.equal(victim.last!.location, "");
      const origin = { headers: { origin: "https://evil.example" } };
      assert.equal((await browser.submit({ username: address, password }, origin)).status, 400);
      await browser.get(`/login?${asking()}`);
      assert.match((await browser.submit({ username: address, password })).location, /callback\?code=/);
    });

    it("a browser that signs in by a name alone", async () => {
      const body = `${asking()}&username=${address}`;
      const sent = (headers: Record<string, string>) =>
        new Browser(issuer.url).send("POST", "/oauth2/authorize", { body, headers });
      const browsers: Record<string, string>[] = [
        { origin: issuer.url },
        { origin: "null" },
        { "sec-fetch-site": "cross-site" },
      ];
      for (const headers of browsers) {
        assert.deepEqual([(await sent(headers)).status, (await sent(headers)).location], [400, ""]);
      }
      assert.match((await sent({})).location, /callback\?code=/);
    });

    it("a redirect that is not planned", async () => {
      const browser = new Browser(issuer.url);
      for (const path of ["/login", "/signup", "/forgotPassword"]) {
        const { status, location } = await browser.get(
          `${path}?${asking("app", { redirect_uri: "https://evil.example/" })}`,
        );
        assert.deepEqual([status, location], [400, ""], path);
      }
    });
  });

  it("give a code that no other client can redeem", async () => {
    const username = "other-client@example.com";
    const browser = await signedUp(username);
    const { location } = await browser.submit({ username, password });
    assert.deepEqual(await tokensOf(location, "strict"), { error: "invalid_grant" });
  });

  it("let no cache keep what has a code or a token", async () => {
    const bad = new URLSearchParams({ grant_type: "authorization_code", client_id: clientId("app"), code: "none" });
    const kept = await Promise.all([
      new Browser(issuer.url).get(`/oauth2/authorize?${asking("app", { scope: "unknown" })}`),
      new Browser(issuer.url).send("POST", "/oauth2/token", { body: String(bad) }),
    ]);
    assert.deepEqual(
      kept.map(({ status, headers }) => [status, headers["cache-control"]]),
      [
        [302, "no-store"],
        [400, "no-store"],
      ],
    );
  });

  it("have no script and no frame, and send forms to themselves and the client alone", async () => {
    for (const path of [`/login?${asking()}`, `/signup?${asking()}`, "/mailbox", "/logout"]) {
      const { headers } = await new Browser(issuer.url).get(path);
      const policy = String(headers["content-security-policy"]);
      assert.match(
        policy,
        /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'( http:\/\/localhost:3000)?; frame-ancestors 'none'; base-uri 'none'$/,
      );
      assert.equal(policy.includes("localhost:3000"), path !== "/mailbox" && path !== "/logout");
      assert.equal(headers["x-frame-options"], "DENY");
      assert.equal(headers["x-content-type-options"], "nosniff");
      // What is typed and shown is kept nowhere, and no other site learns the address of the page.
      assert.equal(headers["cache-control"], "no-store");
      assert.equal(headers["referrer-policy"], "same-origin");
      assert.equal(headers["cross-origin-opener-policy"], "same-origin");
      assert.equal(headers["access-control-allow-origin"], undefined);
    }
    const { text, headers } = await new Browser(issuer.url).get(`/login?${asking()}`);
    const cookies = [headers["set-cookie"]].flat();
    assert.ok(cookies.length > 0);
    for (const cookie of cookies) assert.match(String(cookie), /; HttpOnly; SameSite=Lax$/);
    const style = /<style>([\s\S]*?)<\/style>/.exec(text)![1]!;
    assert.ok(String(headers["content-security-policy"]).includes(createHash("sha256").update(style).digest("base64")));
  });

  it("show what people and triggers write as text", async () => {
    message = { emailMessage: `<b>${markup}</b> {####}`, emailSubject: markup };
    await signedUp("zoe@example.com");
    const pages = [
      await new Browser(issuer.url).get("/mailbox?to=zoe@example.com"),
      await new Browser(issuer.url).get(`/mailbox?to=${encodeURIComponent(markup)}`),
      await (await opened()).submit({ username: markup, password: markup }),
      await (await opened("/signup")).submit({ username: markup, password }),
      await (await opened("/forgotPassword")).submit({ username: markup }),
      await new Browser(issuer.url).get(`/login?${asking("app", { state: markup, nonce: markup })}`),
    ];
    for (const { text } of pages) assert.doesNotMatch(text, /<script|<b>/);
    assert.match(pages[0]!.text, /&#60;script&#62;/);
  });

  it("have a mailbox for tests, which no page of another origin reads", async () => {
    const answer = await request(`${issuer.url}/mailbox/messages?to=ZOE@example.com`, {
      headers: { origin: "http://localhost:3000" },
    });
    assert.equal(answer.headers["access-control-allow-origin"], undefined);
    const [newest]: any = await answer.body.json();
    assert.deepEqual(Object.keys(newest).sort(), ["at", "code", "id", "medium", "subject", "text", "to"]);
    assert.match(newest.text, new RegExp(newest.code));
  });
});

function program(): void {
  const opts = { provider: new aws.Provider("p", { region: "eu-west-1" }) };
  const lambdaConfig = { customMessage: "arn:aws:lambda:eu-west-1:123456789012:function:message" };
  for (const [name, mfaConfiguration] of [
    ["app", "OPTIONAL"],
    ["strict", "ON"],
  ] as const) {
    const pool = new cognito.UserPool(
      `${name}-pool`,
      {
        usernameAttributes: ["email"],
        autoVerifiedAttributes: ["email"],
        passwordPolicy: {
          minimumLength: 12,
          requireLowercase: true,
          requireUppercase: true,
          requireNumbers: true,
          requireSymbols: true,
        },
        mfaConfiguration,
        lambdaConfig,
      },
      opts,
    );
    new cognito.UserPoolClient(
      name,
      {
        userPoolId: pool.id,
        name,
        allowedOauthFlowsUserPoolClient: true,
        allowedOauthFlows: ["code"],
        allowedOauthScopes: ["openid", "email"],
        callbackUrls: [callback],
        logoutUrls: ["http://localhost:3000/"],
        preventUserExistenceErrors: "ENABLED",
      },
      opts,
    );
  }
}
