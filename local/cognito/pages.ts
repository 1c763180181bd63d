import type { ServerResponse } from "node:http";
import type { OAuthParameters } from "./oauth";

/** Answers with a page that no other page can put into a frame. */
export function sendPage(res: ServerResponse, status: number, body: string): void {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "x-frame-options": "DENY",
  };
  res.writeHead(status, headers).end(`<!doctype html><title>Local sign-in</title>${body}`);
}

/** Returns the sign-in form; it carries the parameters of the authorization request. */
export function signInForm(parameters: OAuthParameters): string {
  const hidden = Object.entries(parameters).map(
    ([name, value = ""]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  return `<h1>Local sign-in</h1><p>Any name is accepted.</p><form method="post" action="/login">${hidden.join("")}<label>User <input name="username" autocomplete="username" required autofocus></label> <button>Sign in</button></form>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
