import type { JournalLine } from "../journal";
import { clock } from "./format";

/** What happened to the platform, the latest first. */
export function Events({ events }: { readonly events: readonly JournalLine[] }) {
  return (
    <section class="card" aria-labelledby="events">
      <h2 id="events">Events</h2>
      {events.length === 0 && <p class="soft">Nothing has happened yet.</p>}
      <ol class="events">
        {[...events].reverse().map(({ id, time, source, text }) => (
          <li key={id}>
            <time>{clock(time)}</time> <span class="source">{source}</span> <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
