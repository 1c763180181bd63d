import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { Html, html } from "./html";
import { style } from "./style";

/** A page. */
export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Where its forms may lead to, in addition to the issuer: a form's redirect counts. @default nowhere */
  readonly formTarget?: string | undefined;
  /** @default 200 */
  readonly status?: number;
  readonly wide?: boolean;
}

const styleHash = createHash("sha256").update(style).digest("base64");

/** Answers with a page that has no script, loads nothing, and that no other page can put into a frame. */
export function sendPage(res: ServerResponse, { title, body, formTarget, status = 200, wide = false }: Page): void {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    `form-action 'self'${formTarget === undefined ? "" : ` ${formTarget}`}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  const page = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>${new Html(style)}</style></head>
<body><main${wide && new Html(' class="wide"')}>${body}</main></body>
</html>`;
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": policy.join("; "),
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  };
  res.writeHead(status, headers).end(page.markup);
}

/**
 * Returns what a policy calls the place that a form's answer redirects to.
 * @example formTargetOf("https://app.example.com/signed-in") // "https://app.example.com"
 * @example formTargetOf("myapp://signed-in") // "myapp:"
 */
export function formTargetOf(redirectUri: string): string {
  const { origin, protocol } = new URL(redirectUri);
  return origin === "null" ? protocol : origin;
}
