import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AdminAddUserToGroupCommand,
  CognitoIdentityProviderClient,
  SignUpCommand,
  UpdateUserAttributesCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import type { Browser, Page } from "playwright-core";
import { request } from "undici";
import { signIn } from "../../../local/cognito/sign-in";
import { type RunningPlatform, startPlatform } from "../../../local/platform";
import { LoopbackServer } from "../../../local/ports/loopback-server";
import { planned } from "../../conformance/plans";
import { findBrowser, launch, openPage } from "./browser";

const markup = '<img src=x onerror="document.title=1">';

describe("hostile sign-ins at the web app, in a browser", function () {
  this.timeout(90_000);
  const stateDir = mkdtempSync(join(tmpdir(), "platform-"));
  let platform: RunningPlatform;
  let browser: Browser;
  let opened: Awaited<ReturnType<typeof openPage>>;
  let page: Page;

  before(async function () {
    const executable = findBrowser();
    if (executable === undefined) return this.skip();
    const { graph } = await planned("dev");
    platform = await startPlatform({ graph, stateDir, log: () => {} });
    browser = await launch(executable);
    opened = await openPage(browser);
    page = opened.page;
  });
  after(async () => {
    await browser?.close();
    await platform?.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });

  const signedOut = () => page.getByRole("banner").getByRole("button", { name: "Sign in" }).waitFor();

  it("refuse a sign-in that another page began, with a code that is not this person's", async () => {
    await page.goto(`${platform.endpoints.web}/signed-in?code=of-another-person&state=s`);
    await page.getByRole("alert").getByText("This sign-in was not begun in this tab").waitFor();
    await signedOut();
    assert.equal(new URL(page.url()).search, "");
  });

  it("refuse an answer with another state, and show what it says as text", async () => {
    const begin = async () => {
      await page.goto(`${platform.endpoints.web}/`);
      await page.getByRole("banner").getByRole("button", { name: "Sign in" }).click();
      await page.getByLabel("Password").waitFor();
      return new URL(page.url()).searchParams.get("state") ?? "";
    };
    await begin();
    await page.goto(`${platform.endpoints.web}/signed-in?code=c&state=another`);
    await page.getByRole("alert").getByText("The sign-in was not completed").waitFor();
    const state = await begin();
    const refusal = new URLSearchParams({ error: "access_denied", error_description: markup, state });
    await page.goto(`${platform.endpoints.web}/signed-in?${refusal}`);
    await page.getByRole("alert").getByText(markup).waitFor();
    assert.equal(await page.getByRole("alert").locator("img").count(), 0);
    assert.equal(await page.title(), "Platform · dev");
    await signedOut();
  });

  it("return to no page of another site, and to none of another path", async () => {
    const clients: any = await (await request(`${platform.endpoints.issuer}/clients`)).body.json();
    const { id, callbackUrls } = clients.find(({ flows }: any) => flows.includes("code"));
    const pkce = { code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_challenge_method: "S256" };
    for (const redirect of [
      "https://evil.example.com/",
      `${callbackUrls[0]}/../other`,
      `${callbackUrls[0]}@evil.example.com`,
      `${platform.endpoints.web}//evil.example.com`,
    ]) {
      const asked = { client_id: id, response_type: "code", redirect_uri: redirect, state: "s", ...pkce };
      const answer = await page.goto(`${platform.endpoints.issuer}/oauth2/authorize?${new URLSearchParams(asked)}`);
      assert.equal(answer?.status(), 400, redirect);
      assert.equal(new URL(page.url()).origin, platform.endpoints.issuer);
    }
  });

  it("cannot be had in a frame: neither the app nor the sign-in page", async () => {
    const { web, issuer } = platform.endpoints;
    const framed = [`${web}/food-store`, `${issuer}/login?client_id=x`];
    const other = new LoopbackServer(
      createServer((_, res) => {
        res.writeHead(200, { "content-type": "text/html" });
        res.end(framed.map((url) => `<iframe src="${url}"></iframe>`).join(""));
      }),
    );
    await other.start();
    try {
      // Of its own, as what is refused here is noted as a violation.
      const { context, page: hostile } = await openPage(browser);
      await hostile.goto(other.url, { waitUntil: "load" });
      const shown = await Promise.all(
        hostile
          .frames()
          .slice(1)
          .map((frame) => frame.evaluate("document.body.innerText").catch(() => "")),
      );
      assert.equal(shown.length, framed.length);
      for (const text of shown) assert.doesNotMatch(String(text), /Food store|Sign in|E-mail/);
      assert.deepEqual(
        hostile
          .frames()
          .slice(1)
          .map((frame) => new URL(frame.url()).protocol),
        ["chrome-error:", "chrome-error:"],
      );
      await context.close();
    } finally {
      await other.stop();
    }
  });

  it("write no tenant and no group of their own", async () => {
    const { issuer, aws: endpoint } = platform.endpoints;
    const clients: any = await (await request(`${issuer}/clients`)).body.json();
    const ClientId = clients.find(({ flows }: any) => flows.includes("code")).id;
    const credentials = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "none" };
    const cognito = new CognitoIdentityProviderClient({ region: "eu-west-1", endpoint, credentials, maxAttempts: 1 });
    const tenant = [{ Name: "custom:tenantId", Value: "acme" }];
    const email = { Name: "email", Value: "eve@example.com" };
    const sent = { ClientId, Username: email.Value, Password: "Correct-horse-9-battery" };
    await assert.rejects(cognito.send(new SignUpCommand({ ...sent, UserAttributes: [email, ...tenant] })), {
      name: "NotAuthorizedException",
    });
    const scopes = ["aws.cognito.signin.user.admin"];
    const { accessToken: AccessToken } = await signIn({ issuerUrl: issuer, user: "eve", scopes });
    await assert.rejects(cognito.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: tenant })), {
      name: "NotAuthorizedException",
    });
    const { userPoolId: UserPoolId } = (platform.state().outputs as any).identity["eu-west-1"];
    const group = { UserPoolId, Username: "eve", GroupName: "editors" };
    await assert.rejects(cognito.send(new AdminAddUserToGroupCommand(group)), { name: "UnrecognizedClientException" });
    cognito.destroy();
  });

  it("have the app report nothing that its policy forbids", () => {
    assert.deepEqual(opened.complaints.policy, []);
  });
});
