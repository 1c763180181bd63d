import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { request } from "undici";
import { projectRoot } from "../../../graph/project-root";
import { type RunningPlatform, startPlatform } from "../../../local/platform";
import { replanned, withTenants } from "../../conformance/plans";
import { assertFit, findBrowser, launch, openPage } from "./browser";
import { Visitor } from "./visitor";

const account = { email: "grace@example.com", password: "Correct-horse-9-battery" };
/** One tier is slow, and the other one has a quota that a few requests use up. */
const tiers = {
  free: { rate: 1, burst: 3, quota: { requests: 5_000, per: "MONTH" } },
  trial: { rate: 100, burst: 200, quota: { requests: 6, per: "DAY" } },
};

describe("the web app in a browser, with tenants", function () {
  this.timeout(180_000);
  const state = mkdtempSync(join(tmpdir(), "platform-"));
  let platform: RunningPlatform;
  let browser: Browser;
  let opened: Awaited<ReturnType<typeof openPage>>;
  let page: Page;
  let visitor: Visitor;

  before(async function () {
    const executable = findBrowser();
    if (executable === undefined) return this.skip();
    const { graph } = await replanned("dev", (config) => {
      withTenants(config);
      config.tenants = { tiers };
    });
    platform = await startPlatform({ graph, stateDir: state, readySeconds: 110, log: () => {} });
    await cli("tenant", "add", "acme", "--tier", "free");
    await cli("tenant", "add", "umbrella", "--tier", "trial");
    browser = await launch(executable);
    opened = await openPage(browser);
    page = opened.page;
    visitor = new Visitor(page, opened.context, platform.endpoints);
  });
  after(async () => {
    await browser?.close();
    await platform?.stop();
    rmSync(state, { recursive: true, force: true });
  });

  async function cli(...args: string[]): Promise<string> {
    const command = [join(projectRoot, "cli/platform.cjs"), ...args, "--state", state];
    return (await promisify(execFile)(process.execPath, command, { cwd: projectRoot })).stdout.trim();
  }

  const rest = () => platform.endpoints.regions["eu-west-1"]!.rest!;
  const tenant = (name: string) => page.getByRole("region", { name: `Tenant ${name}` });

  /** Takes a new token, as memberships and groups are effective with it. */
  async function newToken(): Promise<void> {
    await page.getByRole("button", { name: "Ask for a new token" }).click();
    await page.getByText(/The new token has /).waitFor();
  }

  it("asks the API of tenants, and says that a token is needed to read, too", async () => {
    const asked = page.waitForRequest((each) => each.url() === `${rest()}/food-store/openapi.json`);
    await page.goto(`${platform.endpoints.web}/food-store`);
    await asked;
    assert.equal(await visitor.send("List"), 401);
    assert.match(await visitor.verdict.innerText(), /401 · not signed in\s+This needs a token/);
    assert.equal(await page.getByText("open to everyone").count(), 0);
  });

  it("says plainly who is in no tenant", async () => {
    await visitor.signUp(account);
    await page.getByText("grace@example.com is in no tenant.").waitFor();
    assert.equal(await visitor.send("List"), 403);
    assert.match(await visitor.verdict.innerText(), /is in no tenant, which this API demands/);
  });

  it("shows tenant, tier, limits, what is used of the quota, and how old that figure is", async () => {
    await cli("tenant", "member", "acme", "--user", account.email);
    await cli("user", "group", account.email, "editors");
    await newToken();
    await tenant("acme").getByText("tier free: 1 request a second, 3 at once").waitFor();
    await tenant("acme").getByText("0 of 5,000 requests a month used").waitFor();
    await tenant("acme")
      .getByText(/as API Gateway said \d+ seconds? ago/)
      .waitFor();
    assert.equal(await visitor.send("Store"), 200);
    const stored = await visitor.answer();
    assert.equal(await visitor.send("Read"), 200);
    assert.deepEqual(await visitor.answer(), stored);
    await assertFit(page, "tenant");
  });

  it("explains 429 to a tenant that sends more than its tier allows, and when it may try again", async () => {
    const token = await cli("token", "--group", "editors", "--user", "ada", "--tenant", "acme");
    let over = false;
    const flood = async () => {
      const headers = { authorization: `Bearer ${token}` };
      while (!over) await (await request(`${rest()}/food-store/foods?category=fruit`, { headers })).body.dump();
    };
    const floods = Array.from({ length: 4 }, flood);
    try {
      let status = 0;
      for (let i = 0; i < 20 && status !== 429; i++) status = await visitor.send("List");
      assert.equal(status, 429);
    } finally {
      over = true;
      await Promise.all(floods);
    }
    const told = await visitor.verdict.innerText();
    assert.match(told, /429 · too many requests\s+Tenant acme sent more than its tier free allows, 1 request a second/);
    assert.match(told, /Try again in a second\./);
    await assertFit(page, "tenant-too-many");
  });

  it("explains 429 to a tenant that has used up its quota, says when it starts anew, and still tells what is used", async () => {
    await cli("tenant", "member", "acme", "--user", account.email, "--remove");
    await cli("tenant", "member", "umbrella", "--user", account.email);
    // A reload forgets the token; the session of the user pool signs in again.
    await page.reload();
    await visitor.signIn(account);
    await tenant("umbrella").getByText("of 6 requests a day used").waitFor();
    let status = 0;
    for (let i = 0; i < 8 && status !== 429; i++) status = await visitor.send("List");
    assert.equal(status, 429);
    const told = await visitor.verdict.innerText();
    assert.match(told, /Tenant umbrella has used up the quota of its tier trial, 6 requests a day\./);
    assert.match(told, /It starts anew on \d+ \w+ \d{4} at 00:00 UTC\./);
    await assertFit(page, "tenant-quota");
    const token = await cli("token", "--group", "editors", "--user", "bob", "--tenant", "umbrella");
    const usage = await request(`${rest()}/usage`, { headers: { authorization: `Bearer ${token}` } });
    assert.deepEqual([usage.statusCode, ((await usage.body.json()) as any).tenant], [200, "umbrella"]);
  });

  it("asks nothing that its policy forbids", () => {
    assert.deepEqual(opened.complaints.policy, []);
  });
});
