import { useEffect, useState } from "preact/hooks";
import type { WebConfig } from "./config";
import { send } from "./request";
import { ceilingOf, failuresOf, type Sample, sampleCount, stretchesOf, summaryOf, withSample } from "./samples";

/** Properties of `Live`. */
interface LiveProps {
  readonly apiUrl: string;
  readonly service: WebConfig["services"][number];
  readonly regions: WebConfig["regions"];
}

const everyMs = 1_000;
/** A request that has no answer by then has failed. */
const patienceMs = 3_000;
const [width, height] = [600, 120];

/**
 * The curve of a health check that is sent once a second while the page is seen: how long it took, where it failed, and which
 * region answered, so that a failover is visible.
 */
export function Live({ apiUrl, service, regions }: LiveProps) {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const [running, setRunning] = useState(true);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => {
      if (document.hidden) return;
      void sampleOf(apiUrl, service.name).then((sample) => setSamples((before) => withSample(before, sample)));
    }, everyMs);
    return () => clearInterval(timer);
  }, [apiUrl, service.name, running]);
  const ceiling = ceilingOf(samples);
  const legend = samples.some(({ region }) => region !== undefined) ? regions : [{ name: "answered" }];
  return (
    <section class="card live" aria-labelledby="live-title">
      <div class="bar">
        <h2 id="live-title">Latency and failures</h2>
        <button type="button" class="quiet" aria-pressed={!running} onClick={() => setRunning(!running)}>
          {running ? "Pause" : "Go on"}
        </button>
      </div>
      <p class="soft">
        {summaryOf(samples)}. One health check of {service.title.toLowerCase()} a second, the last {sampleCount}.
      </p>
      <div class="chart">
        <span class="scale">{ceiling} ms</span>
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          <line class="grid" x1={0} x2={width} y1={1} y2={1} />
          <line class="grid" x1={0} x2={width} y1={height - 1} y2={height - 1} />
          {stretchesOf(samples, ceiling).map(({ region, points }, i) => (
            <polyline
              key={i}
              class={`curve ${colourOf(regions, region)}`}
              points={points
                .map(([x, y]) => `${(x * width).toFixed(1)},${(y * (height - 8) + 4).toFixed(1)}`)
                .join(" ")}
            />
          ))}
          {failuresOf(samples).map((x) => (
            <line key={x} class="failure" x1={x * width} x2={x * width} y1={0} y2={height} />
          ))}
        </svg>
      </div>
      <ul class="legend">
        {legend.map(({ name }) => (
          <li key={name}>
            <span class={`swatch ${colourOf(regions, name)}`} aria-hidden="true" />
            {name}
          </li>
        ))}
        <li>
          <span class="swatch failed" aria-hidden="true" />
          failed
        </li>
      </ul>
    </section>
  );
}

async function sampleOf(apiUrl: string, service: string): Promise<Sample> {
  const signal = AbortSignal.timeout(patienceMs);
  const { status, milliseconds, origin } = await send(apiUrl, { method: "GET", path: `/${service}/healthz`, signal });
  const ok = status > 0 && status < 500;
  return { ok, milliseconds, ...(origin.region === undefined ? {} : { region: origin.region }) };
}

/** The first region and the second one have colours of their own. */
function colourOf(regions: LiveProps["regions"], region: string | undefined): string {
  return region !== undefined && region === regions[1]?.name ? "second" : "first";
}
