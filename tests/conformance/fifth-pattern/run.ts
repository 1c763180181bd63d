import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planStack } from "./graph/plan";
import { patternNames } from "./infra/compute/registry";
import { startPlatform } from "./local/platform";

/** Plans dev with the fifth pattern, runs it, asks the service once, and prints what it saw as JSON. */
async function main(): Promise<void> {
  const graph = await planStack("dev");
  const fleets = graph.resources.filter(({ type }) => type === "aws:ec2/spotFleetRequest:SpotFleetRequest");
  const stateDir = mkdtempSync(join(tmpdir(), "fifth-"));
  const platform = await startPlatform({ graph, stateDir, log: () => {} });
  try {
    const answer = await fetch(`${platform.endpoints.global}/shipping/healthz`);
    const servers = platform.state().workloads.find(({ service }) => service === "shipping");
    process.stdout.write(
      JSON.stringify({
        patternNames,
        fleets: fleets.map(({ name, region }) => ({ name, region })),
        status: answer.status,
        pattern: servers?.pattern,
        zones: servers?.servers.map(({ zone }) => zone).sort(),
      }),
    );
  } finally {
    await platform.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

void main();
