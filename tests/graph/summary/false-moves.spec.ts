import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { projectRoot } from "../../../graph/project-root";
import { falseMoveChance, movedNames, renderFalseMoves } from "../../../graph/summary/false-moves";
import { planned, replanned } from "../../conformance/plans";

/** The same by trying all 2^n states of n services. */
function byCounting(services: number, atLeast: number, availability: number): number {
  let chance = 0;
  for (let state = 0; state < 2 ** services; state++) {
    const healthy = state.toString(2).replaceAll("0", "").length;
    if (healthy < atLeast) chance += availability ** healthy * (1 - availability) ** (services - healthy);
  }
  return chance;
}

describe("the chance of a move without need", function () {
  this.timeout(60_000);

  it("is that of all states of the services in which too few are healthy", () => {
    for (let services = 1; services <= 8; services++) {
      for (let atLeast = 1; atLeast <= services; atLeast++) {
        for (const availability of [0.9, 0.995, 0.9999]) {
          const [got, expected] = [falseMoveChance, byCounting].map((by) => by(services, atLeast, availability));
          assert.ok(Math.abs(got! - expected!) < 1e-12, `${services} ${atLeast} ${availability}: ${got} ${expected}`);
        }
      }
    }
  });

  it("grows with the services where all must be healthy, and not where as many as before are enough", () => {
    assert.ok(falseMoveChance(8, 8, 0.999) > falseMoveChance(4, 4, 0.999));
    assert.ok(falseMoveChance(8, 3, 0.999) < falseMoveChance(4, 3, 0.999));
  });

  it("is printed for each name that moves, now and with more services, with its arithmetic", async () => {
    const { graph } = await planned("prod");
    const services = movedNames(graph)[0]!.services;
    const lines = renderFalseMoves(graph, 99.9);
    assert.match(lines[0]!, /services that are ill 0\.1 % of it by themselves/);
    if (services === 4) {
      assert.equal(
        lines[1],
        "  api.example.com by 1 of 4 critical services: 0.4 %, 35 h a year; with 8 0.8 %; with 16 1.6 %",
      );
    }
    assert.match(lines.slice(2).join(" "), /the sum over i < k of C\(n, i\) a\^i \(1 - a\)\^\(n - i\)/);
  });

  it("is printed for k of n services, and for a service's own name", async () => {
    const { graph } = await replanned("prod", (config) => {
      const [first, second, third] = Object.keys(config.services);
      for (const service of Object.values<any>(config.services)) service.critical = false;
      for (const name of [first!, second!, third!]) config.services[name].critical = true;
      config.failover = { atLeast: 2 };
      config.services[third!].failoverName = "own.example.com";
    });
    const [, ...lines] = renderFalseMoves(graph, 99);
    assert.deepEqual(lines.slice(0, 2), [
      "  api.example.com by 2 of 3 critical services: 0.03 %, 3 h a year; with 6 below 0.0001 %; with 12 below 0.0001 %",
      "  own.example.com by one service: 1 %, 88 h a year",
    ]);
  });

  it("is not printed where nothing moves", async () => {
    assert.deepEqual(renderFalseMoves((await planned("dev")).graph, 99.5), []);
  });

  it("is in the plan that people read, at the availability that the environment promises", () => {
    const printed = execFileSync(process.execPath, ["cli/platform.cjs", "plan", "prod"], {
      cwd: projectRoot,
      encoding: "utf8",
    });
    assert.match(printed, /a = 99\.9 % of targets$/m);
    assert.match(printed, /^ {2}api\.example\.com by 1 of \d+ critical services: /m);
  });
});
