import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AdminAddUserToGroupCommand,
  CognitoIdentityProviderClient,
  ListUsersCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import type { Browser } from "playwright-core";
import { operatorKeys } from "../../../local/iam/access";
import { type RunningPlatform, startPlatform } from "../../../local/platform";
import { replanned } from "../../conformance/plans";
import { findBrowser, launch, openPage } from "./browser";
import { Visitor } from "./visitor";

const email = "ada@company.example";
/** Five minutes are over after five seconds. */
const timeScale = 60;
const lifeMs = (5 * 60_000) / timeScale;

describe("the web app in a browser, with a provider of OpenID Connect and tokens of five minutes", function () {
  this.timeout(90_000);
  const stateDir = mkdtempSync(join(tmpdir(), "platform-"));
  let platform: RunningPlatform;
  let browser: Browser;
  let opened: Awaited<ReturnType<typeof openPage>>;
  let visitor: Visitor;

  before(async function () {
    const executable = findBrowser();
    if (executable === undefined) return this.skip();
    const { graph } = await replanned("dev", (config) => {
      config.tokens = { ...config.tokens, accessMinutes: 5, idMinutes: 5 };
      config.signIn.providers = {
        oidc: {
          Company: { issuer: "https://login.company.example", clientId: "platform", scopes: ["openid", "email"] },
        },
      };
    });
    platform = await startPlatform({ graph, timeScale, stateDir, log: () => {} });
    browser = await launch(executable);
    opened = await openPage(browser);
    visitor = new Visitor(opened.page, opened.context, platform.endpoints);
  });
  after(async () => {
    await browser?.close();
    await platform?.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });

  const tokens = "**/oauth2/token";

  /** Puts the person into the group, as an administrator does. */
  async function joinEditors(): Promise<void> {
    const { aws: endpoint } = platform.endpoints;
    const cognito = new CognitoIdentityProviderClient({ region: "eu-west-1", endpoint, credentials: operatorKeys });
    const { userPoolId: UserPoolId } = (platform.state().outputs as any).identity["eu-west-1"];
    const { Users = [] } = await cognito.send(new ListUsersCommand({ UserPoolId }));
    assert.deepEqual([Users.length, Users[0]?.UserStatus], [1, "EXTERNAL_PROVIDER"]);
    const Username = Users[0]?.Username;
    await cognito.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName: "editors" }));
    cognito.destroy();
  }

  it("signs a person in at the provider, whom the pool then knows by another name", async () => {
    const { page } = opened;
    await page.goto(`${platform.endpoints.web}/food-store`);
    assert.equal(await visitor.send("Store"), 401);
    await page.getByRole("banner").getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("link", { name: "Continue with Company" }).click();
    await page.getByLabel("E-mail address").fill(email);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText(email).waitFor();
    assert.equal(new URL(page.url()).origin, platform.endpoints.web);
    assert.equal(await visitor.send("Read"), 404);
  });

  it("refuses the person without a group, and stores with one: the same item back", async () => {
    const { page } = opened;
    assert.equal(await visitor.send("Store"), 403);
    const title = (await page.locator(".person").getAttribute("title")) ?? "";
    assert.match(title, /^Groups: \S+_Company$/);
    await joinEditors();
    await page.getByRole("button", { name: "Ask for a new token" }).click();
    await page.getByText(/The new token has .*food-store\/write/).waitFor();
    assert.equal(await visitor.send("Store"), 200);
    const stored = await visitor.answer();
    assert.equal(await visitor.send("Read"), 200);
    assert.deepEqual(await visitor.answer(), stored);
  });

  it("replaces the token before its five minutes are over", async () => {
    const { page } = opened;
    await page.waitForTimeout(lifeMs);
    const [renewal] = await Promise.all([page.waitForResponse(tokens), visitor.send("Store")]);
    assert.equal(renewal.status(), 200);
    await page.locator('[data-status="200"]').waitFor();
  });

  it("says that the token is over while the sign-in is away, keeps the person signed in, and goes on afterwards", async () => {
    const { page } = opened;
    await page.route(tokens, (route) => route.abort());
    await page.waitForTimeout(lifeMs + 1_500);
    assert.equal(await visitor.send("Store"), 401);
    assert.match(await visitor.verdict.innerText(), /the sign-in cannot be reached to replace it\. You stay signed in/);
    await page.unroute(tokens);
    assert.equal(await visitor.send(), 200);
    assert.ok(await page.getByText(email).isVisible());
  });

  it("signs out", async () => {
    const { page } = opened;
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("banner").getByRole("button", { name: "Sign in" }).waitFor();
    assert.equal(await visitor.send("Store"), 401);
    assert.deepEqual(opened.complaints.policy, []);
  });
});
