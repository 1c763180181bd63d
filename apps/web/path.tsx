import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

const changed = new EventTarget();

/** Returns the path of the page, and follows it. */
export function usePath(): string {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const follow = () => setPath(location.pathname);
    addEventListener("popstate", follow);
    changed.addEventListener("path", follow);
    return () => {
      removeEventListener("popstate", follow);
      changed.removeEventListener("path", follow);
    };
  }, []);
  return path;
}

/** A link within the app, which keeps the page and with it the tokens in its memory. */
export function Link(props: { readonly to: string; readonly current: boolean; readonly children: ComponentChildren }) {
  const { to, current, children } = props;
  const follow = (event: MouseEvent) => {
    // A new tab or window is the browser's to open.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    history.pushState(null, "", to);
    changed.dispatchEvent(new Event("path"));
  };
  return (
    <a href={to} onClick={follow} {...(current ? { "aria-current": "page" } : {})}>
      {children}
    </a>
  );
}
