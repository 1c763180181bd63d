// Makes the pictures of README and docs from a console that runs: `npm run pictures`. It takes a browser, and ImageMagick's
// `convert` for the recording.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { request } from "undici";
import { projectRoot } from "../../graph/project-root";
import { UserError } from "../../graph/user-error";
import { startPlatform } from "../../local/platform";
import { planTwoRegions, twoRegions } from "./helpers/two-regions";
import { findBrowser, launch, openPage } from "./web/browser";

const folder = join(projectRoot, "docs/pictures");
const paths = ["/food-store/healthz", "/pet-store/healthz", "/shipping/shipments/s-1", "/price-calculator/healthz"];
const betweenFramesMs = 1_500;
const frames = 32;
/** One in which the other region answers. */
const lostFrame = 14;
/** How long the region is lost: a name moves after 9 s at this speed, and what has moved is to be seen. */
const lostSeconds = 24;

async function main(): Promise<void> {
  const executable = findBrowser();
  if (executable === undefined) throw new UserError("pictures must have a browser, got none; install chromium");
  if (!/ImageMagick/.test(spawnSync("convert", ["-version"], { encoding: "utf8" }).stdout ?? "")) {
    throw new UserError("the recording must have ImageMagick's convert, got none; install imagemagick");
  }
  const work = mkdtempSync(join(tmpdir(), "pictures-"));
  const platform = await startPlatform({
    ...{ graph: planTwoRegions(), stateDir: work, timeScale: 4, readySeconds: 300, log: () => {} },
  });
  const browser = await launch(executable);
  const { page } = await openPage(browser, { viewport: { width: 1280, height: 900 } });
  let next = 0;
  const load = setInterval(() => {
    const path = paths[next++ % paths.length]!;
    // Some fail while a region is lost: that is what the pictures show.
    request(`${platform.endpoints.global}${path}`, { headersTimeout: 3_000 }).then(
      ({ body }) => body.dump(),
      () => {},
    );
  }, 50);
  try {
    await page.goto(platform.endpoints.console);
    await page.waitForTimeout(20_000);
    await take(page, "console");
    await page.goto(`${platform.endpoints.console}/#/requests`);
    await page
      .getByRole("link", { name: /shipments/ })
      .first()
      .click();
    await page.locator(".waterfall li").nth(3).waitFor();
    await take(page, "console-trace", 440);
    await page.goto(`${platform.endpoints.console}/#/`);
    await record(page, work, platform.endpoints.console);
  } finally {
    clearInterval(load);
    await browser.close();
    await platform.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

/** Takes a picture of the page's upper part. */
function take(page: Page, name: string, height = 900): Promise<Buffer> {
  return page.screenshot({ path: join(folder, `${name}.png`), clip: { x: 0, y: 0, width: 1280, height } });
}

/** Records how a region is lost, the other one answers, and the first comes back. */
async function record(page: Page, work: string, url: string): Promise<void> {
  const token = await page.locator('meta[name="console-token"]').getAttribute("content");
  const files: string[] = [];
  for (let i = 0; i < frames; i++) {
    if (i === 1) {
      await request(`${url}/_platform/faults`, {
        ...{ method: "POST", headers: { "x-platform-token": String(token), "content-type": "application/json" } },
        body: JSON.stringify({ kind: "region", region: twoRegions[0], seconds: lostSeconds }),
      });
    }
    const file = join(work, `${String(i).padStart(2, "0")}.png`);
    await page.screenshot({ path: file, clip: { x: 0, y: 0, width: 1280, height: 500 } });
    files.push(file);
    if (i === lostFrame) await take(page, "console-region-lost");
    await page.waitForTimeout(betweenFramesMs);
  }
  const recording = join(folder, "region-drill.gif");
  // Flat colours stay flat without dithering, which a picture of text does not need and a GIF does not compress.
  const smaller = ["-resize", "880x", "+dither", "-colors", "24", "-fuzz", "4%", "-layers", "Optimize"];
  execFileSync("convert", ["-delay", String(betweenFramesMs / 20), ...files, ...smaller, recording]);
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error instanceof UserError ? error.message : error);
    process.exit(1);
  },
);
