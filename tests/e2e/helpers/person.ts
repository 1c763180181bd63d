import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { request } from "undici";
import type { RunningPlatform } from "../../../local/platform";
import { Browser } from "../../local/cognito/browser";

const verifier = "v".repeat(43);
const callback = "http://localhost:5173/signed-in";

/** A person who signs in on the pages of a user pool of a running platform. */
export class Person {
  constructor(
    private readonly platform: RunningPlatform,
    readonly address: string,
  ) {}

  /** Returns the newest code in the person's mailbox. */
  async code(): Promise<string> {
    const url = `${this.platform.endpoints.mailbox}/messages?to=${this.address}`;
    const [newest] = (await (await request(url)).body.json()) as { code: string }[];
    return newest!.code;
  }

  /** Signs up at a client's page, with the code of the mailbox. */
  async signUp(issuer: string, clientId: string, password: string): Promise<void> {
    const browser = await opened(issuer, "/signup", clientId);
    await browser.submit({ username: this.address, password });
    const { heading, problem } = await browser.submit({ code: await this.code() });
    assert.equal(heading, "Sign in", problem);
  }

  /** Sets a password by the code of the mailbox. */
  async recover(issuer: string, clientId: string, password: string): Promise<void> {
    const browser = await opened(issuer, "/forgotPassword", clientId);
    await browser.submit({ username: this.address });
    const { heading, problem } = await browser.submit({ code: await this.code(), password });
    assert.equal(heading, "Sign in", problem);
  }

  /** Signs in with a password. @returns the answer of the token endpoint */
  async signIn(issuer: string, clientId: string, password: string): Promise<any> {
    const browser = await opened(issuer, "/login", clientId);
    const { location, problem } = await browser.submit({ username: this.address, password });
    assert.ok(location.startsWith(callback), problem);
    const code = new URL(location).searchParams.get("code")!;
    return tokens(issuer, {
      ...{ grant_type: "authorization_code", client_id: clientId, redirect_uri: callback },
      ...{ code, code_verifier: verifier },
    });
  }
}

/** Asks a token endpoint, such as for a refresh. @returns its JSON */
export async function tokens(issuer: string, form: Readonly<Record<string, string>>): Promise<any> {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const body = String(new URLSearchParams(form));
  return (await request(`${issuer}/oauth2/token`, { method: "POST", headers, body })).body.json();
}

async function opened(issuer: string, path: string, clientId: string): Promise<Browser> {
  const browser = new Browser(issuer);
  const asked = new URLSearchParams({
    ...{ client_id: clientId, redirect_uri: callback, response_type: "code", state: "s1" },
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  await browser.get(`${path}?${asked}`);
  return browser;
}
