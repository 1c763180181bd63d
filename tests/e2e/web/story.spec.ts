import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { request } from "undici";
import { signIn } from "../../../local/cognito/sign-in";
import type { Endpoints } from "../../../local/state/endpoints";
import { Command, Folder } from "../../helpers/command";
import { assertFit, findBrowser, launch, openPage } from "./browser";
import { Visitor } from "./visitor";

const account = { email: "grace@example.com", password: "Correct-horse-9-battery" };
const markup = '<img src=x onerror="document.title=1"></script><script>document.title=2</script>';

/** The services in the order in which an item of one needs those before it, and what their examples store. */
const services = [
  ["Food store", "/food-store/foods/apple-1", "name", "Apple"],
  ["Pet store", "/pet-store/pets/rex-1", "name", "Rex"],
  ["Price calculator", "/price-calculator/quotes/quote-1", "currency", "EUR"],
  ["Shipping", "/shipping/shipments/shipment-1", "city", "Berlin"],
  ["Reviews", "/reviews/reviews/review-1", "product", "apple-1"],
] as const;

describe("the web app in a browser, from npm start", function () {
  this.timeout(60_000);
  let executable: string | undefined;
  let folder: Folder;
  let platform: Command;
  let endpoints: Endpoints;
  let browser: Browser;
  let opened: Awaited<ReturnType<typeof openPage>>;
  let page: Page;
  let visitor: Visitor;
  /** Refresh tokens in the order in which the page sent them. */
  const refreshed: string[] = [];

  before(async function () {
    executable = findBrowser();
    if (executable === undefined) return this.skip();
    folder = new Folder();
    platform = new Command(folder, ["start", "--port", "0", "--state", folder.state]);
    await platform.says(/^ready /m);
    endpoints = JSON.parse(readFileSync(join(folder.state, "endpoints.json"), "utf8"));
    browser = await launch(executable);
    opened = await openPage(browser);
    page = opened.page;
    visitor = new Visitor(page, opened.context, endpoints);
    page.on("request", (sent) => {
      const token = new URLSearchParams(sent.postData() ?? "").get("refresh_token");
      if (token !== null && sent.url().endsWith("/oauth2/token")) refreshed.push(token);
    });
  });

  after(async () => {
    await browser?.close();
    platform?.child.kill("SIGTERM");
    await platform?.ended;
    folder?.remove();
  });

  it("loads within 100 KB and a second, and fits 390 and 1280 px in light and dark", async () => {
    let bytes = 0;
    const cdp = await opened.context.newCDPSession(page);
    await cdp.send("Network.enable");
    cdp.on("Network.loadingFinished", ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await page.goto(`${endpoints.web}/`);
    await page.getByRole("heading", { name: "Food store" }).waitFor();
    const ofDocument = await request(`${endpoints.global}/food-store/openapi.json`);
    const more = (await ofDocument.body.arrayBuffer()).byteLength;
    assert.ok(bytes > 15_000 && bytes - more <= 100_000, `${bytes} bytes`);
    // The best of three: the suite shares its cores.
    const paints: number[] = [];
    for (let i = 0; i < 3 && Math.min(...paints, 1_001) > 1_000; i++) {
      if (i > 0) await page.reload();
      await page.getByRole("heading", { name: "Food store" }).waitFor();
      paints.push(await largestPaint());
    }
    assert.ok(Math.min(...paints) <= 1_000, `the largest part was painted after ${paints.join(", ")} ms`);
    await page.getByRole("button", { name: "Send" }).waitFor();
    await assertFit(page, "signed-out");
  });

  /** Returns when the largest part of the page was painted, in ms from its start. */
  function largestPaint(): Promise<number> {
    return page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const { PerformanceObserver: Observer } = globalThis as any;
          new Observer((list: any) => resolve(list.getEntries().at(-1).startTime)).observe({
            ...{ type: "largest-contentful-paint", buffered: true },
          });
        }),
    );
  }

  it("says who is signed out that a PUT needs a sign-in, and lets everyone read", async () => {
    assert.equal(await visitor.send("Store"), 401);
    assert.match(await visitor.verdict.innerText(), /401 · not signed in/);
    assert.match(await visitor.verdict.innerText(), /refused the request before any server saw it/);
    await assertFit(page, "refused");
    assert.equal(await visitor.send("List"), 200);
    assert.deepEqual(await visitor.answer(), { items: [] });
    assert.equal(await visitor.send("Read"), 404);
  });

  it("signs a person up by the pool's page, the code in the mailbox and an authenticator app", async () => {
    await visitor.signUp(account);
    assert.equal(new URL(page.url()).origin, endpoints.web);
    assert.equal(new URL(page.url()).search, "");
  });

  it("says plainly who is in no group, and a new token has what the group grants since", async () => {
    assert.equal(await visitor.send("Store"), 403);
    assert.match(await visitor.verdict.innerText(), /403 · not allowed\s+grace@example\.com has no group that grants/);
    await assertFit(page, "no-group");
    await page.getByRole("button", { name: "Ask for a new token" }).click();
    await page.getByText("The new token has no scope of a service.").waitFor();
    const added = new Command(folder, ["user", "group", account.email, "editors", "--state", folder.state]);
    assert.equal((await added.ended).code, 0);
    await page.getByRole("button", { name: "Ask for a new token" }).click();
    await page.getByText(/The new token has .*food-store\/write/).waitFor();
    assert.equal(new Set(refreshed).size, 2, "each refresh token is replaced when it is used");
    assert.equal(await visitor.send(), 200);
  });

  for (const [title, path, property, value] of services) {
    it(`stores and reads the same item: ${title}`, async () => {
      await visitor.openService(title);
      assert.equal(await visitor.send("Store"), 200, await visitor.verdict.innerText());
      const stored = await visitor.answer();
      assert.equal(stored[property], value);
      assert.equal(await visitor.send("Read"), 200);
      assert.deepEqual(await visitor.answer(), stored);
      const elsewhere = await request(`${endpoints.global}${path}`);
      assert.deepEqual(await elsewhere.body.json(), stored);
    });
  }

  /** Chooses an operation of the price calculator that is no task, and sends it. @returns its answer */
  async function sendOther(id: string): Promise<any> {
    await page.getByLabel("More operations").selectOption(`price-calculator-${id}`);
    assert.equal(await visitor.send(), 200, await visitor.verdict.innerText());
    return visitor.answer();
  }

  it("sends the key and the session that an operation asks for", async () => {
    await visitor.openService("Price calculator");
    const first = await sendOther("post-quote");
    await page.getByRole("button", { name: "Read" }).click();
    assert.notEqual((await sendOther("post-quote")).id, first.id);
    const { sessionId } = await sendOther("start-basket");
    await page.getByLabel("More operations").selectOption("price-calculator-get-basket");
    await page.getByLabel("Session id").fill(sessionId);
    assert.deepEqual(await sendOther("get-basket"), { lines: [] });
  });

  it("shows a list with the stored item, and fits with it", async () => {
    await visitor.openService("Food store");
    assert.equal(await visitor.send("List"), 200);
    assert.equal((await visitor.answer()).items[0].id, "apple-1");
    await assertFit(page, "signed-in");
  });

  it("draws a curve of answers, and says it in words", async () => {
    await page.getByText(/\d+ answers, median \d+ ms, no failure/).waitFor();
    assert.ok((await page.locator(".curve").count()) >= 1);
    await page.route("**/healthz", (route) => route.abort());
    await page.getByText(/\d failures?/).waitFor();
    assert.ok((await page.locator("line.failure").count()) >= 1);
    await page.unroute("**/healthz");
  });

  it("is used by the keyboard alone", async () => {
    await page.goto(`${endpoints.web}/food-store`);
    await page.getByRole("button", { name: "Send" }).waitFor();
    const focused = () => page.evaluate(() => (globalThis as any).document.activeElement.textContent.trim());
    const seen: string[] = [];
    for (let i = 0; i < 40 && seen.at(-1) !== "Send"; i++) {
      await page.keyboard.press("Tab");
      seen.push(await focused());
    }
    assert.equal(seen[0], "Skip to the service");
    for (const name of ["Food store", "Sign in", "Store", "Read", "List", "Send"]) assert.ok(seen.includes(name), name);
    await page.keyboard.press("Enter");
    await visitor.verdict.waitFor();
  });

  it("signs in again after a reload, and out", async () => {
    await visitor.signIn(account);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("banner").getByRole("button", { name: "Sign in" }).waitFor();
    assert.equal(await visitor.send("Store"), 401);
    assert.equal(await page.evaluate(() => JSON.stringify((globalThis as any).localStorage)), "{}");
    assert.equal(await page.evaluate(() => JSON.stringify((globalThis as any).sessionStorage)), "{}");
  });

  it("signs in with the password and the next code of the authenticator app", async () => {
    await visitor.signIn(account);
    assert.equal(await visitor.send("Store"), 200);
  });

  it("shows what people store as text, whatever it is", async () => {
    await page.getByLabel("Name", { exact: true }).fill(markup);
    assert.equal(await visitor.send(), 200, await visitor.verdict.innerText());
    assert.equal((await visitor.answer()).name, markup);
    assert.equal(await visitor.send("Read"), 200);
    assert.equal((await visitor.answer()).name, markup);
    assert.equal(await page.locator(".answer img").count(), 0);
    assert.equal(await page.title(), "Platform · dev");
  });

  it("explains 429 to who sends too much", async () => {
    const { accessToken } = await signIn({ issuerUrl: endpoints.issuer, user: "flood", groups: "all" });
    let over = false;
    const flood = async () => {
      while (!over) {
        const headers = { authorization: `Bearer ${accessToken}`, "content-type": "application/json" };
        const sent = { method: "PUT" as const, headers, body: "{}" };
        await (await request(`${endpoints.global}/food-store/foods/a`, sent)).body.dump();
      }
    };
    const floods = Array.from({ length: 8 }, flood);
    try {
      await page.getByRole("button", { name: "Store", exact: true }).click();
      let status = 0;
      for (let i = 0; i < 20 && status !== 429; i++) status = await visitor.send();
      assert.equal(status, 429);
    } finally {
      over = true;
      await Promise.all(floods);
    }
    assert.match(await visitor.verdict.innerText(), /429 · too many requests\s+All callers of this route together/);
    await assertFit(page, "too-many");
  });

  it("answers a path that a host could be read from as one that it does not have", async () => {
    await page.goto(`${endpoints.web}//x.example.com/`);
    await page.getByText("There is no page //x.example.com/").waitFor();
    await visitor.signIn(account);
    assert.equal(page.url(), `${endpoints.web}/x.example.com/`);
  });

  it("ran nothing and asked nothing that its policy forbids", () => {
    assert.deepEqual(opened.complaints.policy, []);
    const own = opened.complaints.errors.filter((text) => !/ERR_FAILED/.test(text));
    assert.deepEqual(own, []);
  });
});
