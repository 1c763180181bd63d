import type { Span } from "../waterfall";
import { milliseconds } from "./format";

/** The parts of a request by time, each below what it is within. */
export function Waterfall({ spans }: { readonly spans: readonly Span[] }) {
  const whole = Math.max(1, ...spans.map(({ startMs, ms }) => startMs + ms));
  return (
    <ol class="waterfall">
      {spans.map((span) => (
        <li key={span.id}>
          <details>
            <summary>
              <span class="part" style={{ paddingInlineStart: `${span.depth * 0.875}rem` }}>
                <span class={span.failed ? "bad" : ""}>{span.name}</span> <span class="soft">{span.where}</span>
              </span>
              <span class="time" aria-hidden="true">
                <i
                  class={`span ${span.kind} ${span.failed ? "failed" : ""}`}
                  style={{
                    left: `${(100 * span.startMs) / whole}%`,
                    width: `${Math.max(0.4, (100 * span.ms) / whole)}%`,
                  }}
                />
              </span>
              <span class="number">
                {milliseconds(span.ms)}
                {span.failed && <span class="hidden"> failed</span>}
              </span>
            </summary>
            <dl class="details">
              <dt>begins after</dt>
              <dd>{milliseconds(span.startMs)}</dd>
              {Object.entries(span.details).map(([name, value]) => (
                <>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </>
              ))}
            </dl>
          </details>
        </li>
      ))}
    </ol>
  );
}
