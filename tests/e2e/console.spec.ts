import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { request } from "undici";
import { type RunningPlatform, startPlatform } from "../../local/platform";
import { standIn } from "../local/helpers/artifact";
import { addApi, addEcs, addFunction, addNames, addTable, plan } from "../local/helpers/program";
import { until } from "../local/helpers/wait";
import { assertFit, findBrowser, launch, openPage } from "./web/browser";

const [west, central] = ["eu-west-1", "eu-central-1"] as const;
const hostile = "<img src=x onerror=document.title='broken'>";
/** What a browser may load at first, compressed: it is a page that people wait for. */
const mostBytes = 150_000;

describe("the console in a browser", function () {
  this.timeout(120_000);
  const artifact = standIn();
  const stateDir = mkdtempSync(join(tmpdir(), "state-"));
  let platform: RunningPlatform;
  let browser: Browser;
  let opened: Awaited<ReturnType<typeof openPage>>;
  let page: Page;

  before(async function () {
    const executable = findBrowser();
    if (executable === undefined) return this.skip();
    const { graph } = await plan(
      artifact.folder,
      (region) => {
        const primary = region.name === west;
        if (primary) addTable(region);
        const api = addApi(region, { a: { server: addEcs(region).arn }, b: { invoke: addFunction(region).invokeArn } });
        addNames(region, api.id, primary ? "PRIMARY" : "SECONDARY");
      },
      [west, central],
    );
    platform = await startPlatform({ graph, stateDir, timeScale: 10, log: () => {} });
    browser = await launch(executable);
    opened = await openPage(browser);
    page = opened.page;
  });
  after(async () => {
    await browser?.close();
    await platform?.stop();
    artifact.remove();
    rmSync(stateDir, { recursive: true, force: true });
  });

  const url = () => platform.endpoints.console;
  const open = async (name: string) => {
    await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { name, level: 1 }).waitFor({ state: "attached" });
  };
  const ownHeaders = async () => {
    const token = await page.locator('meta[name="console-token"]').getAttribute("content");
    return { "x-platform-token": String(token), "content-type": "application/json" };
  };
  const get = (path: string) => request(`${platform.endpoints.global}${path}`).then(({ body }) => body.text());

  it("says on its first screen which region answers, what is healthy, what failed and what is broken, in few bytes", async () => {
    const loading: Promise<number>[] = [];
    page.on("requestfinished", (each) => {
      if (!each.url().endsWith("/stream")) loading.push(each.sizes().then((sizes) => sizes.responseBodySize));
    });
    for (let i = 0; i < 5; i++) await get("/a/things");
    await page.goto(url());
    await page.locator("dl.summary").getByText(west, { exact: true }).waitFor();
    const facts = await page.locator("dl.summary").innerText();
    assert.match(facts, /\d+ of \d+ healthy/);
    assert.match(facts, /Failures, last minute\s+0/);
    assert.match(facts, /Drill\s+none/);
    const asked = page.getByRole("region", { name: west }).getByRole("row", { name: /^thing ecs/ });
    await asked.getByText("5", { exact: true }).waitFor();
    const bytes = (await Promise.all(loading)).reduce((all, each) => all + each, 0);
    assert.ok(bytes > 5_000 && bytes <= mostBytes, `${bytes} bytes`);
    await assertFit(page, "console-overview");
  });

  it("shows a request with what the gateway did, found by its id, and its hostile text as text", async () => {
    const { headers } = await request(`${platform.endpoints.global}/a/${encodeURI(hostile)}`, {
      headers: { "user-agent": hostile },
    });
    const id = String(headers["apigw-requestid"]);
    await open("Requests");
    await page.getByRole("searchbox").fill(id);
    await page.locator("tbody tr").first().getByRole("link").click();
    const parts = page.locator(".waterfall li");
    await parts.first().waitFor();
    assert.match(await parts.first().innerText(), /ANY \/a\//);
    assert.ok((await parts.count()) >= 2, "gateway and Cloud Map");
    await assertFit(page, "console-request");
    await open("Logs");
    await page.locator(".logs li").first().waitFor();
    await assertFit(page, "console-logs");
    // A text of any kind comes from outside; this one of who has the token.
    await request(`${url()}/_platform/drills`, {
      ...{ method: "POST", headers: await ownHeaders(), body: JSON.stringify({ title: hostile }) },
    });
    await open("Overview");
    await page.getByText(hostile).first().waitFor();
    assert.equal(await page.locator("img").count(), 0);
    assert.notEqual(await page.title(), "broken");
  });

  it("tries a route, and shows a resource of the plan with its inputs", async () => {
    await open("Try");
    await page.getByLabel("signed in").uncheck();
    await page.getByLabel("Path").fill("/a/things");
    await page.getByRole("button", { name: "Send" }).click();
    await page.locator("[data-status]").waitFor();
    assert.match(await page.locator("[data-status]").innerText(), /^200 /);
    await assertFit(page, "console-try");
    await open("Limits");
    await page.getByRole("heading", { name: west }).waitFor();
    await assertFit(page, "console-limits");
    await open("Plan");
    await page.getByRole("searchbox").fill("dynamodb/table");
    await page.locator(".tree button").first().click();
    await page.locator("pre").getByText("hashKey").waitFor();
    await assertFit(page, "console-plan");
  });

  it("cuts a region off by keyboard alone, shows that the other one answers, and has it back", async () => {
    await open("Drills");
    const form = page.getByRole("form", { name: /^A region/ });
    await form.getByLabel("How").selectOption("refuse");
    await form.getByLabel("Seconds").fill("60");
    await form.getByLabel("Seconds").press("Enter");
    await page.getByRole("button", { name: "End fault-1" }).waitFor();
    // The name still leads there.
    const lost = await Promise.allSettled([get("/a/things"), get("/a/things")]);
    assert.deepEqual(
      lost.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    await assertFit(page, "console-drills");
    await open("Overview");
    await page.locator("dl.summary").getByText("2", { exact: true }).waitFor();
    await page.getByText(`region ${west} refuse`).waitFor();
    await page.locator("dl.summary").getByText(central, { exact: true }).waitFor({ timeout: 60_000 });
    await page.locator("rect.fault").first().waitFor({ state: "attached" });
    await assertFit(page, "console-region-lost");
    await open("Drills");
    await page.getByRole("button", { name: "End all" }).focus();
    await page.keyboard.press("Enter");
    await page
      .getByText(/^region eu-west-1, refuse$/)
      .first()
      .waitFor();
    await until("the primary answers", () => platform.state().global.region === west, 60_000);
  });

  it("acts for its own page alone: not by another Host, another origin, another site or without the token", async () => {
    const own = await ownHeaders();
    const post = async (path: string, headers: Record<string, string>) =>
      (await request(`${url()}/_platform/${path}`, { method: "POST", headers, body: '{"kind":"region"}' })).statusCode;
    for (const path of ["faults", "sign-in"]) {
      assert.equal(await post(path, { ...own, host: "evil.example" }), 403);
      assert.equal(await post(path, { ...own, origin: "https://evil.example" }), 403);
      assert.equal(await post(path, { ...own, "sec-fetch-site": "cross-site" }), 403);
      assert.equal(await post(path, { "content-type": "application/json" }), 403);
      assert.equal(await post(path, { ...own, "x-platform-token": "guessed" }), 403);
    }
    const { faults } = JSON.parse(await get("/_platform/faults"));
    assert.deepEqual(
      faults.filter(({ endedAt }: { endedAt?: string }) => endedAt === undefined),
      [],
    );
    for (const path of ["", "_platform/stream", "_platform/traces", "_platform/plan"]) {
      const { statusCode } = await request(`${url()}/${path}`, {
        headers: { host: "evil.example", accept: "text/html" },
      });
      assert.deepEqual([path, statusCode], [path, 403]);
    }
  });

  it("reports nothing that its policy forbids, and no error", () => {
    const errors = opened.complaints.errors.filter((text) => !/status of 5\d\d|ERR_/.test(text));
    assert.deepEqual([opened.complaints.policy, errors], [[], []]);
  });
});
