import { useEffect, useState } from "preact/hooks";
import { type Change, ChangesFeed, type FeedState } from "./changes";
import type { WebConfig } from "./config";
import type { Session } from "./session";

/** Properties of `LiveChanges`. */
interface LiveChangesProps {
  /** `wss://…` */
  readonly url: string;
  readonly services: WebConfig["services"];
  readonly session: Session;
}

const states: Readonly<Record<FeedState, string>> = {
  connecting: "Connecting.",
  open: "Connected: changes are shown as they happen.",
  waiting: "Not connected. What happens until the next attempt is not shown.",
  "signed out": "Sign in to see changes.",
};

/** The changes of items that others make, as they happen, while a person is signed in. */
export function LiveChanges({ url, services, session }: LiveChangesProps) {
  const [seen, setSeen] = useState<Pick<ChangesFeed, "state" | "changes">>({ state: "connecting", changes: [] });
  useEffect(() => {
    const feed: ChangesFeed = new ChangesFeed({
      url,
      token: () => session.accessToken(),
      connect: (address, protocols) => new WebSocket(address, protocols),
      changed: () => setSeen({ state: feed.state, changes: feed.changes }),
    });
    void feed.start();
    return () => feed.stop();
  }, [url, session]);
  return (
    <section class="card changes" aria-labelledby="changes-title">
      <h2 id="changes-title">Changes of items</h2>
      <p class="soft" role="status">
        {states[seen.state]}
      </p>
      {seen.state === "open" && seen.changes.length === 0 ? (
        <p class="soft">No change yet. One that you or another person makes is shown here.</p>
      ) : null}
      <ul aria-live="polite">
        {seen.changes.map((change) => (
          <li key={`${change.service} ${change.id} ${change.version}`}>
            <Line change={change} services={services} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Line({ change, services }: { readonly change: Change } & Pick<LiveChangesProps, "services">) {
  const { service, id, kind, at, region, item } = change;
  const title = services.find(({ name }) => name === service)?.title ?? service;
  return (
    <details>
      <summary>
        <time dateTime={at}>{new Date(at).toLocaleTimeString()}</time> <strong>{id}</strong>{" "}
        <span class={`kind ${kind}`}>{kind}</span>{" "}
        <span class="soft">
          {title}, {region}
        </span>
      </summary>
      {item === undefined ? (
        <p class="soft">The item is too large for a message.</p>
      ) : (
        <pre>{JSON.stringify(item, null, 2)}</pre>
      )}
    </details>
  );
}
