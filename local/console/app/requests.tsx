import { useState } from "preact/hooks";
import type { TraceSummary, TraceView } from "../queries";
import { useRead } from "./api";
import type { PageProps } from "./app";
import { clock, milliseconds } from "./format";
import { Choice, Search } from "./search";
import { Waterfall } from "./waterfall";

const choices = { recent: "Recent", failed: "Failed", slow: "Slow" } as const;
const everyMs = 2_000;

/** The latest requests of clients, and what each did. */
export function Requests({ rest }: PageProps) {
  const [choice, setChoice] = useState<keyof typeof choices>("recent");
  const [text, setText] = useState("");
  const traces = useRead("traces", { choice, text }, everyMs);
  if (rest !== "") return <Trace id={decodeURIComponent(rest)} />;
  return (
    <section class="card" aria-label="Requests">
      <div class="bar">
        <Choice label="Which" choices={choices} chosen={choice} choose={setChoice} />
        <Search label="Path, status, region or request id" text={text} search={setText} />
      </div>
      {traces?.length === 0 && <p class="soft">No such request is known. The latest thousand are kept.</p>}
      <table class="list">
        <thead>
          <tr>
            <th scope="col">time</th>
            <th scope="col">request</th>
            <th scope="col">region</th>
            <th scope="col" class="number">
              status
            </th>
            <th scope="col" class="number">
              took
            </th>
          </tr>
        </thead>
        <tbody>
          {traces?.map((each) => (
            <Row key={each.requestId} {...each} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ requestId, startedAt, method, path, region, gateway, status, ms }: TraceSummary) {
  return (
    <tr>
      <td class="soft">{clock(startedAt)}</td>
      <td class="long">
        <a href={`#/requests/${encodeURIComponent(requestId)}`}>
          {method} {path}
        </a>
      </td>
      <td>
        {region} <span class="soft">{gateway === "http" ? "" : gateway}</span>
      </td>
      <td class={`number ${status === 0 || status >= 500 ? "bad" : ""}`}>{status === 0 ? "none" : status}</td>
      <td class="number">{milliseconds(ms)}</td>
    </tr>
  );
}

function Trace({ id }: { readonly id: string }) {
  // What services log of it may come a moment later.
  const trace: TraceView | null | undefined = useRead("trace", { id }, everyMs);
  return (
    <>
      <p>
        <a href="#/requests">All requests</a>
      </p>
      {trace === null && <p class="soft">The request {id} is not known any more. The latest thousand are kept.</p>}
      {trace && (
        <>
          <section class="card" aria-labelledby="trace">
            <h2 id="trace">{trace.request ? `${trace.request.method} ${trace.request.path}` : "Trace"}</h2>
            <p class="soft">
              request {trace.request?.requestId}, trace {trace.traceId}
            </p>
            <Waterfall spans={trace.spans} />
          </section>
          <section class="card" aria-labelledby="lines">
            <h2 id="lines">What services logged</h2>
            {trace.lines.length === 0 && <p class="soft">Nothing.</p>}
            {trace.lines.map(({ source, text }) => (
              <details key={source + text}>
                <summary>{source}</summary>
                <pre>{pretty(text)}</pre>
              </details>
            ))}
          </section>
        </>
      )}
    </>
  );
}

/** Writes JSON with line ends, and other text as it is. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
