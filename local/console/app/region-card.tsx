import type { RegionView, ServiceView, ZoneView } from "../view";
import { count, milliseconds } from "./format";
import type { LiveState } from "./live";

interface RegionProps {
  readonly region: RegionView;
  readonly live: LiveState;
}

/** A region: healthy of planned servers for each service and zone, and what was asked of them in the last minute. */
export function RegionCard({ region, live }: RegionProps) {
  const { name, zones, services, functions, fault } = region;
  const { answeredBy } = live.view!;
  return (
    <section class="card" aria-labelledby={name}>
      <div class="bar">
        <h2 id={name}>{name}</h2>
        {name === answeredBy && <span class="tag good">answers</span>}
        {fault !== undefined && <span class="tag bad">cut off: {fault}</span>}
      </div>
      <table class="services">
        <thead>
          <tr>
            <th scope="col">service</th>
            {zones.map((zone) => (
              <th key={zone.name} scope="col" class={zone.lost ? "lost" : ""}>
                {zone.name.replace(name, "")}
                {zone.lost ? " lost" : ""}
              </th>
            ))}
            <th scope="col" class="number">
              req/min
            </th>
            <th scope="col" class="number">
              failed
            </th>
            <th scope="col" class="number">
              p99
            </th>
          </tr>
        </thead>
        <tbody>
          {services.map((each) => (
            <ServiceRow key={each.service} region={name} service={each} live={live} />
          ))}
        </tbody>
      </table>
      {functions.length > 0 && (
        <details>
          <summary>{count(functions.length, "function")} of the platform</summary>
          <ul class="plain">
            {functions.map((each) => (
              <li key={each.name}>
                {each.name}{" "}
                <span class="soft">
                  {each.processes === 0 ? "idle" : count(each.processes, "process", "processes")}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

interface RowProps {
  readonly region: string;
  readonly service: ServiceView;
  readonly live: LiveState;
}

function ServiceRow({ region, service: { service, pattern, zones, planned }, live }: RowProps) {
  const counts = live.series.find((each) => each.region === region && each.service === service)?.lastMinute;
  const { requests = 0, failures = 0, p99 = 0 } = counts ?? {};
  return (
    <tr>
      <th scope="row">
        {service} <span class="soft">{pattern}</span>
      </th>
      {zones.map((zone) => (
        <td key={zone.zone} data-label={zone.zone.replace(region, "")}>
          <Zone zone={zone} onDemand={planned === 0} />
        </td>
      ))}
      <td class="number" data-label="req/min">
        {requests}
      </td>
      <td class={`number ${failures > 0 ? "bad" : ""}`} data-label="failed">
        {failures}
      </td>
      <td class="number" data-label="p99">
        {requests === 0 ? <span class="soft">–</span> : milliseconds(p99)}
      </td>
    </tr>
  );
}

/** A mark for each server, and their number in words for those who cannot tell the marks apart. */
function Zone({ zone: { planned, servers }, onDemand }: { readonly zone: ZoneView; readonly onDemand: boolean }) {
  if (planned === undefined) return <span class="soft">–</span>;
  const healthy = servers.filter(({ health }) => health === "healthy").length;
  const others = [...new Set(servers.map(({ health }) => health))].filter((health) => health !== "healthy");
  return (
    <span class={`zone ${!onDemand && healthy < planned ? "bad" : ""}`}>
      {servers.length > 0 && (
        <span class="marks" aria-hidden="true">
          {servers.map(({ pid, health }) => (
            <i key={pid ?? health} class={`mark ${health}`} title={`${health}, process ${pid ?? "none"}`} />
          ))}
        </span>
      )}
      {onDemand ? healthy : `${healthy}/${planned}`}
      {others.length > 0 && <span class="soft"> {others.join(", ")}</span>}
    </span>
  );
}
