import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { Faults } from "../../../local/faults/faults";
import { type RunningPlatform, startPlatform } from "../../../local/platform";
import { until } from "../../local/helpers/wait";
import { planTwoRegions, twoRegions } from "../helpers/two-regions";
import { assertFit, findBrowser, launch, openPage } from "./browser";

const [west, central] = twoRegions;
/** What a busy machine may take to have both regions healthy, and to move the name. */
const patienceMs = 60_000;

describe("the web app in a browser, while the primary region fails", function () {
  this.timeout(180_000);
  const faults = new Faults();
  const stateDir = mkdtempSync(join(tmpdir(), "platform-"));
  let platform: RunningPlatform;
  let browser: Browser;
  let opened: Awaited<ReturnType<typeof openPage>>;

  before(async function () {
    const executable = findBrowser();
    if (executable === undefined) return this.skip();
    const graph = await planTwoRegions();
    platform = await startPlatform({
      ...faults.options,
      graph,
      // Not faster: the time in which a probe has to be answered is scaled too, and the name must not move while a
      // browser starts.
      timeScale: 4,
      stateDir,
      readySeconds: 110,
      log: () => {},
    });
    await faults.attach(platform);
    await until("all healthy", () => platform.state().healthChecks.every(({ healthy }) => healthy), patienceMs);
    browser = await launch(executable);
    opened = await openPage(browser);
  });
  after(async () => {
    await browser?.close();
    await faults.endAll();
    await platform?.stop();
    await faults.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });

  it("draws the curve in the colour of the region that answers, and says which zone and server did", async () => {
    const { page } = opened;
    await page.goto(`${platform.endpoints.web}/food-store`);
    await page.getByText(`from ${west}.`).waitFor({ timeout: patienceMs });
    await page.getByRole("button", { name: "List" }).click();
    await page.getByRole("button", { name: "Send" }).click();
    await page.locator('[data-status="200"]').waitFor();
    const facts = await page.locator(".facts").innerText();
    assert.match(facts, new RegExp(`Region\\s+${west}\\s+Zone\\s+${west}[ab]\\s+Server\\s+[0-9a-f]{8}`));
    assert.deepEqual(
      [await page.locator("polyline.second").count(), (await page.locator("polyline.first").count()) > 0],
      [0, true],
    );
  });

  it("goes on in the colour of the other region when the first one is gone, with the failures between them", async () => {
    const { page } = opened;
    await faults.begin({ region: west }, "refuse");
    await page.getByText(`from ${west}, then ${central}.`).waitFor({ timeout: patienceMs });
    await page.locator("polyline.second").first().waitFor({ state: "attached" });
    assert.ok((await page.locator("line.failure").count()) > 0);
    await page.getByText(/\d failures?, from/).waitFor();
    await page.getByRole("button", { name: "Send" }).click();
    await page
      .getByText(`${central}a`)
      .or(page.getByText(`${central}b`))
      .first()
      .waitFor();
    const regions = page.locator(".facts dd").filter({ hasText: new RegExp(`^${central}$`) });
    assert.equal(await regions.count(), 1);
    await page.waitForTimeout(3_000);
    await assertFit(page, "failover");
  });

  it("reports nothing that its policy forbids", () => {
    assert.deepEqual(opened.complaints.policy, []);
  });
});
