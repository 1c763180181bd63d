import type { ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Drills } from "./drills";
import { Limits } from "./limits";
import { type Live, type LiveState, useLive } from "./live";
import { Logs } from "./logs";
import { Overview } from "./overview";
import { Plan } from "./plan";
import { Requests } from "./requests";
import { Try } from "./try";

/** What every page of the console gets. */
export interface PageProps {
  readonly live: LiveState;
  /** What the address has after the page's name. */
  readonly rest: string;
}

/** The pages by the part of the address that names them. */
const pages: Readonly<Record<string, { readonly title: string; readonly Page: ComponentType<PageProps> }>> = {
  "": { title: "Overview", Page: Overview },
  requests: { title: "Requests", Page: Requests },
  logs: { title: "Logs", Page: Logs },
  drills: { title: "Drills", Page: Drills },
  try: { title: "Try", Page: Try },
  limits: { title: "Limits", Page: Limits },
  plan: { title: "Plan", Page: Plan },
};

/** The console: its navigation, and the page that the address names. */
export function App({ live }: { readonly live: Live }) {
  const state = useLive(live);
  const [path = "", rest = ""] = useHash().split("/", 2);
  const main = useRef<HTMLElement>(null);
  const { title, Page } = pages[path] ?? pages[""]!;
  const { view, connected } = state;
  useEffect(() => {
    document.title = view === undefined ? "Console" : `${title} · ${view.stack}`;
  }, [title, view?.stack]);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header>
        <p class="brand">
          <strong>{view?.stack ?? "Console"}</strong>
          {view && view.timeScale !== 1 && <span class="soft"> time runs {view.timeScale} times faster</span>}
        </p>
        <nav aria-label="Pages">
          {Object.entries(pages).map(([key, { title }]) => (
            <a key={key} href={`#/${key}`} aria-current={key === path ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <p class={`connection ${connected ? "" : "lost"}`} role="status">
          {connected ? "live" : view === undefined ? "connecting" : "connection lost; this is what was last known"}
        </p>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <h1 class="hidden">{title}</h1>
        {view === undefined ? (
          <p class="soft">The platform is asked for its state.</p>
        ) : (
          <Page live={state} rest={rest} />
        )}
      </main>
    </>
  );
}

function useHash(): string {
  const read = () => location.hash.replace(/^#\/?/, "");
  const [hash, setHash] = useState(read);
  useEffect(() => {
    const changed = () => setHash(read());
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return hash;
}
