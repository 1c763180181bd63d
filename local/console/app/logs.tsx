import { useState } from "preact/hooks";
import type { JournalLine } from "../journal";
import { useRead } from "./api";
import { clock } from "./format";
import { pretty } from "./requests";
import { Choice, Search } from "./search";

const kinds = { lines: "Servers and gateways", events: "Platform" } as const;

/** What servers, gateways and the platform have logged, the latest first. */
export function Logs() {
  const [of, setOf] = useState<keyof typeof kinds>("lines");
  const [text, setText] = useState("");
  const [before, setBefore] = useState(0);
  const lines = useRead("lines", { of, text, before: String(before) }, before === 0 ? 1_000 : 0);
  const search = (wanted: string) => {
    setBefore(0);
    setText(wanted);
  };
  return (
    <section class="card" aria-label="Logs">
      <div class="bar">
        <Choice label="Of" choices={kinds} chosen={of} choose={setOf} />
        <Search label="Text, service, zone or request id" text={text} search={search} />
      </div>
      {lines?.length === 0 && <p class="soft">No line that is kept has this text.</p>}
      <ol class="events logs">
        {[...(lines ?? [])].reverse().map((line) => (
          <Line key={line.id} {...line} />
        ))}
      </ol>
      <div class="bar">
        {before > 0 && (
          <button type="button" onClick={() => setBefore(0)}>
            Latest
          </button>
        )}
        {lines && lines.length > 0 && (
          <button type="button" onClick={() => setBefore(lines[0]!.id)}>
            Earlier
          </button>
        )}
      </div>
    </section>
  );
}

function Line({ time, source, text }: JournalLine) {
  const head = (
    <>
      <time>{clock(time)}</time> <span class="source">{source}</span>
    </>
  );
  if (!text.startsWith("{"))
    return (
      <li>
        {head} {text}
      </li>
    );
  return (
    <li>
      <details>
        <summary>
          {head} <span>{summaryOf(text)}</span>
        </summary>
        <pre>{pretty(text)}</pre>
      </details>
    </li>
  );
}

/** Returns of a structured line what people look for first. */
function summaryOf(text: string): string {
  try {
    const { status, method, path, route, msg, level } = JSON.parse(text);
    const what = [
      level === "info" ? undefined : level,
      msg === "request" ? undefined : msg,
      status,
      method,
      path ?? route,
    ];
    return what.filter((each) => each !== undefined).join(" ");
  } catch {
    return text;
  }
}
