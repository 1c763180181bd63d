import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { projectRoot } from "../../../graph/project-root";

const { browserPath, missing } = require("../../helpers/browser.cjs") as {
  browserPath(): string | undefined;
  readonly missing: string;
};
/** Whether it was said that there is no browser: once is enough. */
let said = false;
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
/** Folder of the screenshots, for people to look at. */
const screenshots = join(projectRoot, ".cache", "web");

/** Sizes and colour schemes that every page is looked at in. */
export const looks = [390, 1280].flatMap((width) =>
  (["light", "dark"] as const).map((colorScheme) => ({ width, colorScheme })),
);

/**
 * Returns the path of a browser; undefined on a machine without one, of which the test run says a line.
 * @throws {AssertionError} in CI (REQUIRE_BROWSER), which must have one
 */
export function findBrowser(): string | undefined {
  const found = browserPath();
  assert.ok(found !== undefined || process.env["REQUIRE_BROWSER"] === undefined, "CI must have a browser");
  if (found === undefined && !said) console.log(`      ${missing}`);
  said = true;
  return found;
}

/** A browser of the system without a window. */
export async function launch(executablePath: string): Promise<Browser> {
  // Chromium refuses its own sandbox to root, as containers of CI are.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath, args });
}

/** What a page complained of while it was open. */
export interface Complaints {
  /** Violations of its Content-Security-Policy. */
  readonly policy: string[];
  /** Errors that were not handled, and warnings of the browser; not answers of 400 and above. */
  readonly errors: string[];
}

/** Opens a page that notes what it complains of. */
export async function openPage(
  browser: Browser,
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<{ readonly context: BrowserContext; readonly page: Page; readonly complaints: Complaints }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const complaints: Complaints = { policy: [], errors: [] };
  await context.exposeBinding("reportViolation", (_, text: string) => complaints.policy.push(text));
  await context.addInitScript(() => {
    const page = globalThis as any;
    page.document.addEventListener("securitypolicyviolation", (event: any) =>
      page.reportViolation(`${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on("pageerror", ({ message }) => complaints.errors.push(message));
  page.on("console", (message) => {
    const noted = ["error", "warning"].includes(message.type()) && !/status of 4\d\d/.test(message.text());
    if (noted) complaints.errors.push(message.text());
  });
  return { context, page, complaints };
}

/** Asserts that a page has no fault that axe finds, and no sideways scroll; keeps a picture of it. */
export async function assertFit(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  for (const { width, colorScheme } of looks) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    const measured: number = await page.evaluate(() => (globalThis as any).document.documentElement.scrollWidth);
    assert.ok(measured <= width, `${name} is ${measured} px wide at ${width}`);
    await page.screenshot({ path: join(screenshots, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    // By the protocol, which the page's own policy does not bind.
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => (globalThis as any).axe.run());
    const found = violations.map(({ id, nodes }: any) => `${id}: ${nodes.map((node: any) => node.html).join(" ")}`);
    assert.deepEqual(found, [], `${name} at ${width} in ${colorScheme}`);
  }
}
