import type { PlatformState } from "../state/platform-state";
import type { WorkloadView } from "../workload-views";

/** Renders the console as HTML without scripts: what runs where at this moment, and how to send requests to it. */
export function consolePage(state: PlatformState): string {
  const { endpoints, global, healthChecks, queues, replicas, workloads } = state;
  const regions = [...new Set(workloads.map(({ region }) => region))];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(state.stack)} on this machine</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1d2733 }
table { border-collapse: collapse; margin: .5rem 0 1.5rem } th, td { border: 1px solid #cfd8e3; padding: .3rem .7rem; text-align: left; vertical-align: top }
th { background: #f2f5f9 } pre { background: #f2f5f9; padding: .8rem; overflow: auto }
.healthy { color: #14713d } .unhealthy { color: #b3261e; font-weight: 600 } .initial, .draining { color: #8a5a00 }
</style>
<h1>Stack ${escapeHtml(state.stack)}</h1>
<p>${escapeHtml(global.name)} leads to <strong>${escapeHtml(global.region)}</strong>. Time runs ${state.timeScale} times as fast as on AWS.</p>
${regions.map((region) => regionTable(region, workloads)).join("\n")}
${healthChecks.length > 0 ? checkTable(healthChecks) : ""}
${queues.length > 0 ? queueTable(queues) : ""}
${replicas.length > 0 ? replicaTable(replicas) : ""}
<h2>Addresses</h2>
<pre>${escapeHtml(endpoints === undefined ? "not ready yet" : JSON.stringify(endpoints, null, 2))}</pre>
<h2>Try</h2>
<pre>curl -i ${escapeHtml(endpoints?.global ?? "")}/${escapeHtml(workloads[0]?.service ?? "")}/healthz
curl -s ${escapeHtml(endpoints?.console ?? "")}/_platform/state
npm run token -- --user ada --group editors
kill -9 &lt;pid&gt;   # and load this page again</pre>
</html>
`;
}

function regionTable(region: string, all: readonly WorkloadView[]): string {
  const workloads = all.filter((each) => each.region === region);
  const zones = [...new Set(workloads.flatMap(({ servers }) => servers.map(({ zone }) => zone)))].sort();
  const cell = ({ servers }: WorkloadView, zone: string) =>
    servers
      .filter((server) => server.zone === zone)
      .map(({ health, pid }) => `<span class="${escapeHtml(health)}">${escapeHtml(health)}</span> ${pid ?? ""}`)
      .join("<br>");
  const row = (each: WorkloadView) =>
    `<tr><th scope="row">${escapeHtml(each.service)}</th><td>${escapeHtml(each.pattern)}</td>${zones.map((zone) => `<td>${cell(each, zone)}</td>`).join("")}</tr>`;
  return `<h2>${escapeHtml(region)}</h2>
<table><tr><th>service</th><th>pattern</th>${zones.map((zone) => `<th>${escapeHtml(zone)}</th>`).join("")}</tr>
${workloads.map(row).join("\n")}</table>`;
}

function checkTable(checks: PlatformState["healthChecks"]): string {
  const row = ({ name, healthy }: { name: string; healthy: boolean }) => {
    const word = healthy ? "healthy" : "unhealthy";
    return `<tr><td>${escapeHtml(name)}</td><td class="${word}">${word}</td></tr>`;
  };
  return `<h2>Route 53 health checks</h2>\n<table>${checks.map(row).join("\n")}</table>`;
}

function queueTable(queues: PlatformState["queues"]): string {
  const row = ({ region, name, visible, inFlight, delayed }: PlatformState["queues"][number]) =>
    `<tr>${[region, name, visible, inFlight, delayed].map((each) => `<td>${escapeHtml(String(each))}</td>`).join("")}</tr>`;
  return `<h2>Queues</h2>
<table><tr><th>region</th><th>queue</th><th>waiting</th><th>being handled</th><th>delayed</th></tr>
${queues.map(row).join("\n")}</table>`;
}

function replicaTable(replicas: PlatformState["replicas"]): string {
  const row = ({ table, from, to, waiting, tookMs }: PlatformState["replicas"][number]) =>
    `<tr>${[table, from, to, waiting, tookMs === undefined ? "" : `${tookMs} ms`].map((each) => `<td>${escapeHtml(String(each))}</td>`).join("")}</tr>`;
  return `<h2>Replicas of tables</h2>
<table><tr><th>table</th><th>from</th><th>to</th><th>writes on the way</th><th>the last one took</th></tr>
${replicas.map(row).join("\n")}</table>`;
}

function escapeHtml(value: string): string {
  return value.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
