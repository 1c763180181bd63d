import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, WebSocket } from "playwright-core";
import { request } from "undici";
import { catalog } from "../../../apps/catalog";
import { signIn } from "../../../local/cognito/sign-in";
import { type RunningPlatform, startPlatform } from "../../../local/platform";
import { replanned } from "../../conformance/plans";
import { until } from "../../local/helpers/wait";
import { assertFit, findBrowser, launch, openPage } from "./browser";
import { Visitor } from "./visitor";

const account = { email: "grace@example.com", password: "Correct-horse-9-battery" };
const sample = catalog["food-store"].definitions["put-food"].sample as { readonly name: string };
const markup = '<img src=x onerror="document.title=1"></summary><script>document.title=2</script>';
/** A token of five minutes is over after fifteen seconds. */
const timeScale = 20;
/** What a change may take from the write to the page on a busy machine; a second or two otherwise. */
const seconds = 10_000;

describe("the web app in a browser, with live changes", function () {
  this.timeout(180_000);
  const stateDir = mkdtempSync(join(tmpdir(), "platform-"));
  const sockets: WebSocket[] = [];
  const log: string[] = [];
  let platform: RunningPlatform;
  let browser: Browser;
  let opened: Awaited<ReturnType<typeof openPage>>;

  before(async function () {
    const executable = findBrowser();
    if (executable === undefined) return this.skip();
    const { graph } = await replanned("dev", (config) => {
      config.live = { domain: `live.${config.domain.zone}` };
      config.tokens = { ...config.tokens, accessMinutes: 5, idMinutes: 5 };
    });
    platform = await startPlatform({ graph, timeScale, stateDir, readySeconds: 110, log: (_, line) => log.push(line) });
    browser = await launch(executable);
    opened = await openPage(browser);
    opened.page.on("websocket", (socket) => sockets.push(socket));
  });
  after(async () => {
    await browser?.close();
    await platform?.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });

  const panel = () => opened.page.getByRole("region", { name: "Changes of items" });
  const connected = () => panel().getByText("Connected").waitFor();

  /** Writes an item as another person does, from elsewhere. */
  async function writeElsewhere(id: string, item: object = sample): Promise<void> {
    const { accessToken } = await signIn({ issuerUrl: platform.endpoints.issuer, user: "ada", groups: "all" });
    const answer = await request(`${platform.endpoints.global}/food-store/foods/${id}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
      body: JSON.stringify(item),
    });
    assert.equal(answer.statusCode, 200, await answer.body.text());
  }

  it("shows none to who is signed out, and opens no connection", async () => {
    const { page } = opened;
    await page.goto(`${platform.endpoints.web}/food-store`);
    await page.getByRole("button", { name: "Send" }).waitFor();
    assert.deepEqual([await panel().count(), sockets.length], [0, 0]);
  });

  it("shows a change that another person makes, within seconds and without a reload", async () => {
    const { page, context } = opened;
    await new Visitor(page, context, platform.endpoints).signUp(account);
    await connected();
    await panel().getByText("No change yet").waitFor();
    await writeElsewhere("apple-7");
    const change = panel().getByText(/apple-7 created\s+Food store, eu-west-1/);
    await change.waitFor({ timeout: seconds });
    await writeElsewhere("apple-7", { ...sample, name: "Pear" });
    const changed = panel().locator("summary").filter({ hasText: "changed" });
    await changed.waitFor({ timeout: seconds });
    await changed.click();
    await panel().getByText('"name": "Pear"').waitFor();
    assert.equal(await panel().locator("summary").count(), 2);
  });

  it("shows what people store as text, and runs none of it", async () => {
    await writeElsewhere("apple-8", { ...sample, name: markup });
    const change = panel().locator("summary").filter({ hasText: "apple-8" });
    await change.waitFor({ timeout: seconds });
    await change.press("Enter");
    await panel().getByText(JSON.stringify(markup)).waitFor();
    assert.equal(await panel().locator("img, script").count(), 0);
    assert.equal(await opened.page.title(), "Platform · dev");
  });

  it("has no fault that axe finds, and fits 390 and 1280 px in light and dark", async () => {
    await assertFit(opened.page, "live-changes");
  });

  it("moves nothing for a person who wants less motion", async () => {
    const { page } = opened;
    /** How many elements have a transition or an animation, and how the page scrolls. */
    const motion = () =>
      page.evaluate(() => {
        const { document, getComputedStyle } = globalThis as any;
        const styles = [...document.querySelectorAll("*")].map((each) => getComputedStyle(each));
        const moving = styles.filter((each) => /[1-9]/.test(`${each.transitionDuration}${each.animationDuration}`));
        return { moving: moving.length, scroll: getComputedStyle(document.documentElement).scrollBehavior };
      });
    await page.emulateMedia({ reducedMotion: "reduce" });
    assert.deepEqual(await motion(), { moving: 0, scroll: "auto" });
    await page.emulateMedia({ reducedMotion: "no-preference" });
    const { moving, scroll } = await motion();
    assert.ok(moving > 5 && scroll === "smooth", `${moving} ${scroll}`);
  });

  it("connects again with a new token when the one that opened the connection is over, and goes on", async () => {
    const [first] = sockets;
    assert.ok(first !== undefined);
    if (!first.isClosed()) await first.waitForEvent("close", { timeout: 40_000 });
    await until("a connection after the first", () => sockets.length > 1, seconds);
    await connected();
    await writeElsewhere("apple-9");
    await panel().locator("summary").filter({ hasText: "apple-9" }).waitFor({ timeout: seconds });
    assert.ok((await panel().locator("summary").count()) >= 4, "changes of before stay");
  });

  it("ends the connection at the sign-out", async () => {
    const { page } = opened;
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("banner").getByRole("button", { name: "Sign in" }).waitFor();
    assert.equal(await panel().count(), 0);
    const events = (type: string) => log.filter((line) => line.includes(`"eventType":"${type}"`)).length;
    await until("every connection is closed", () => events("DISCONNECT") === events("CONNECT"), seconds);
    assert.equal(events("CONNECT"), sockets.length);
    assert.deepEqual(opened.complaints.policy, []);
  });
});
