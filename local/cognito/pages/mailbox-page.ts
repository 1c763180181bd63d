import type { Message } from "../mailbox";
import { type Html, html } from "./html";

/** The page of the messages that user pools sent, newest first. */
export function mailboxPage(messages: readonly Message[], to: string | undefined): Html {
  return html`<h1>Mailbox</h1>
<p class="soft">What the user pools of this machine sent${to && ` to ${to}`}. Nothing leaves the machine. <a href="/mailbox${to && `?to=${encodeURIComponent(to)}`}">Look again</a></p>
${messages.length === 0 ? html`<p>Nothing was sent yet.</p>` : messages.map(messageOf)}`;
}

function messageOf({ at, medium, to, subject, text, code }: Message): Html {
  const time = new Date(at).toISOString();
  return html`<article><h2>${subject || "Text message"}</h2>
<p class="soft">To ${to}, <time datetime="${time}">${time.slice(11, 19)} UTC</time>${medium === "SMS" && ", by text message"}</p>
<code class="code">${code}</code><p class="text">${text}</p></article>`;
}
