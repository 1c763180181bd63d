import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { cookieOf } from "../http";
import { type OAuthParameters, SignInPageError } from "../oauth";
import { type Html, html } from "./html";

/** Managed login's name for it. */
const cookie = "XSRF-TOKEN";
const field = "_csrf";
const cookieForm = /^[\w-]{43}$/;

/**
 * Keeps pages of other sites from sending the forms of the sign-in pages: each form carries what only a page of the issuer
 * knows of the browser's cookie.
 */
export class CrossSite {
  private readonly secret = randomBytes(32);

  /** Returns the field for a form, and gives the browser the cookie where it has none. */
  field(req: IncomingMessage, res: ServerResponse): Html {
    const kept = cookieOf(req, cookie);
    const value = kept !== undefined && cookieForm.test(kept) ? kept : randomBytes(32).toString("base64url");
    if (value !== kept) res.appendHeader("set-cookie", `${cookie}=${value}; Path=/; HttpOnly; SameSite=Lax`);
    return html`<input type="hidden" name="${field}" value="${this.proof(value).toString("base64url")}">`;
  }

  /** @throws {SignInPageError} for a form that is not of the issuer's page in this browser */
  check(req: IncomingMessage, form: OAuthParameters, ownOrigin: string): void {
    const { origin } = req.headers;
    const shown = Buffer.from(form[field] ?? "", "base64url");
    const expected = this.proof(cookieOf(req, cookie) ?? "");
    const fits = shown.length === expected.length && timingSafeEqual(shown, expected);
    if (fits && (origin === undefined || origin === ownOrigin)) return;
    throw new SignInPageError("The form is not of this browser any more. Go back, reload the page and try again.");
  }

  private proof(value: string): Buffer {
    return createHmac("sha256", this.secret).update(value).digest();
  }
}

/** @throws {SignInPageError} for a request that a browser sends: only programs sign in by a name alone */
export function refuseBrowsers({ headers }: IncomingMessage): void {
  if (headers.origin === undefined && headers["sec-fetch-site"] === undefined) return;
  throw new SignInPageError("Browsers sign in on the sign-in page.");
}
