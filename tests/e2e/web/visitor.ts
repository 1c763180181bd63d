import assert from "node:assert/strict";
import type { BrowserContext, Locator, Page } from "playwright-core";
import type { Endpoints } from "../../../local/state/endpoints";
import { totpCode } from "../../helpers/totp";

/** A person with an account of the user pool. */
export interface Account {
  readonly email: string;
  readonly password: string;
}

/** A person who uses the web app in a browser, as people do: by what the pages show. */
export class Visitor {
  /** Key of the authenticator app, once it is set up. */
  private secret = "";
  /** Steps of 30 s between now and the next code, as each is taken once. */
  private ahead = 0;

  constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly endpoints: Pick<Endpoints, "mailbox">,
  ) {}

  /** What the last answer means, as the app says it. */
  get verdict(): Locator {
    return this.page.locator("[data-status]");
  }

  async openService(title: string): Promise<void> {
    await this.page.getByRole("navigation").getByRole("link", { name: title }).click();
    await this.page.getByRole("heading", { name: title }).waitFor();
  }

  /** The body of the last answer. */
  async answer(): Promise<any> {
    return JSON.parse(await this.page.locator(".answer pre").innerText());
  }

  /** Chooses a task, sends it as it is filled in, and returns the status of the answer. @param task  @default as chosen */
  async send(task?: "Store" | "Read" | "List"): Promise<number> {
    const { page } = this;
    if (task !== undefined) await page.getByRole("button", { name: task, exact: true }).click();
    const [answer] = await Promise.all([
      page.waitForResponse((each) => !/healthz|oauth2/.test(each.url()) && each.request().method() !== "OPTIONS"),
      page.getByRole("button", { name: "Send" }).click(),
    ]);
    // What is shown until then is the answer to the request before.
    await page.locator('.answer[aria-busy="false"]').waitFor();
    await page.locator(`[data-status="${answer.status()}"]`).waitFor();
    return answer.status();
  }

  /** Signs up by the pool's page, confirms by the code in the mailbox, sets the authenticator app up, and comes back. */
  async signUp({ email, password }: Account): Promise<void> {
    const { page } = this;
    await page.getByRole("button", { name: "Sign up" }).click();
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Create the account" }).click();
    await page.getByRole("heading", { name: "Confirm your account" }).waitFor();
    const mailbox = await this.context.newPage();
    await mailbox.goto(`${this.endpoints.mailbox}?to=${encodeURIComponent(email)}`);
    const code = await mailbox.locator("code.code").innerText();
    await mailbox.close();
    await page.getByLabel("Code").fill(code);
    await page.getByRole("button", { name: "Confirm" }).click();
    await this.givePassword({ email, password });
    await page.getByRole("heading", { name: "Set up an authenticator app" }).waitFor();
    this.secret = (await page.locator("[data-secret]").getAttribute("data-secret")) ?? "";
    await page.getByLabel("Code").fill(this.nextCode());
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByText(email, { exact: true }).waitFor();
  }

  /** Signs in by password and the code of the authenticator app, or without both where the pool knows the browser. */
  async signIn(account: Account): Promise<void> {
    const { page } = this;
    await page.getByRole("banner").getByRole("button", { name: "Sign in" }).click();
    const signedIn = page.getByText(account.email, { exact: true });
    const field = page.getByLabel("Password");
    await Promise.race([signedIn.waitFor(), field.waitFor()]);
    if (await field.isVisible()) {
      await this.givePassword(account);
      await page.getByRole("heading", { name: "Two-step verification" }).waitFor();
      await page.getByLabel("Code").fill(this.nextCode());
      await page.getByRole("button", { name: "Sign in" }).click();
    }
    await signedIn.waitFor();
  }

  private async givePassword({ email, password }: Account): Promise<void> {
    const { page } = this;
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
  }

  private nextCode(): string {
    assert.match(this.secret, /^[A-Z2-7]{16,}$/);
    return totpCode(this.secret, Date.now() + 30_000 * this.ahead++);
  }
}
