import { useState } from "preact/hooks";
import { count, milliseconds, share } from "./format";
import { type LiveState, type Point, pointsOf, shownSeconds, sum } from "./live";

const [width, height] = [600, 90];

/** Availability and latency of the last minutes as curves, and the same in words. */
export function Curves({ live }: { readonly live: LiveState }) {
  const [chosen, setChosen] = useState("");
  const services = [...new Set(live.series.map(({ service }) => service))].filter((service) => service !== "");
  const points = pointsOf(
    live.series.filter(({ service }) => chosen === "" || service === chosen),
    live.now,
  );
  const requests = sum(points.map((point) => point.requests));
  const failures = sum(points.map((point) => point.failures));
  const most = Math.max(1, ...points.map((point) => point.requests));
  const slowest = Math.max(1, ...points.map((point) => point.p99));
  return (
    <section class="card" aria-labelledby="curves">
      <div class="bar">
        <h2 id="curves">Last {shownSeconds / 60} minutes</h2>
        <label>
          <span class="hidden">Service</span>
          <select value={chosen} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
            <option value="">all services</option>
            {services.map((service) => (
              <option key={service}>{service}</option>
            ))}
          </select>
        </label>
      </div>
      <p class="soft">
        {count(requests, "request")}, {count(failures, "failure")}; {share(requests - failures, requests || 1)} served.
      </p>
      <Curve title="Requests a second" top={String(most)} lines={[line(points, (each) => each.requests / most)]}>
        <Marks live={live} />
        {points.map(({ ago, failures, requests }) =>
          failures === 0 ? null : (
            <rect
              key={ago}
              class="failures"
              x={xOf(ago + 1)}
              width={width / shownSeconds}
              y={height - (failures / most) * height}
              height={(failures / most) * height}
            >
              <title>{`${failures} of ${requests} failed`}</title>
            </rect>
          ),
        )}
      </Curve>
      <Curve
        title="Median and slowest in a hundred"
        top={milliseconds(slowest)}
        lines={[line(points, (each) => each.p50 / slowest), line(points, (each) => each.p99 / slowest)]}
      >
        <Marks live={live} />
      </Curve>
      <p class="legend" aria-hidden="true">
        <i class="swatch fault" /> broken on purpose <i class="swatch failed" /> failed <i class="swatch first" />{" "}
        requests, median <i class="swatch second" /> 99th percentile
      </p>
    </section>
  );
}

/** When something was broken on purpose. */
function Marks({ live }: { readonly live: LiveState }) {
  const ago = (time: string) => live.now - Date.parse(time) / 1_000;
  return (
    <>
      {live.view!.faults.map(({ id, kind, zone, region, begunAt, endedAt }) => {
        const [from, to] = [
          Math.min(ago(begunAt), shownSeconds),
          endedAt === undefined ? 0 : Math.max(ago(endedAt), 0),
        ];
        if (to >= shownSeconds) return null;
        return (
          <rect key={id} class="fault" x={xOf(from)} width={Math.max(1, xOf(to) - xOf(from))} y={0} height={height}>
            <title>{`${kind} ${zone ?? region}`}</title>
          </rect>
        );
      })}
    </>
  );
}

interface CurveProps {
  readonly title: string;
  /** Value at the top. */
  readonly top: string;
  /** Points of SVG polylines. */
  readonly lines: readonly string[][];
  readonly children?: preact.ComponentChildren;
}

function Curve({ title, top, lines, children }: CurveProps) {
  return (
    <figure>
      <figcaption class="soft">
        <span>{title}</span> <span>{top}</span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <path class="grid" d={`M0 .5H${width}M0 ${height - 0.5}H${width}`} />
        {children}
        {lines.flatMap((parts, i) =>
          parts.map((points) => <polyline key={points} class={i === 0 ? "first" : "second"} points={points} />),
        )}
      </svg>
    </figure>
  );
}

function xOf(ago: number): number {
  return width * (1 - ago / shownSeconds);
}

/** Returns a curve in parts: where nothing was asked for, there is no line. @param value  0 to 1 */
function line(points: readonly Point[], value: (point: Point) => number): string[] {
  const parts: string[][] = [];
  let last: number | undefined;
  for (const point of points) {
    if (last === undefined || last - point.ago > 2) parts.push([]);
    last = point.ago;
    parts.at(-1)!.push(`${xOf(point.ago).toFixed(1)},${(height - value(point) * (height - 2)).toFixed(1)}`);
  }
  return parts.map((part) => part.join(" "));
}
