import assert from "node:assert/strict";
import { consoleView } from "../../../local/console/view";
import type { PlatformState } from "../../../local/state/platform-state";

const [west, central] = ["eu-west-1", "eu-central-1"];

function state(): PlatformState {
  const zones = [`${west}a`, `${west}b`, `${west}c`];
  const server = (zone: string, health: string, pid: number) => ({ zone, health, pid });
  return {
    stack: "prod",
    timeScale: 1,
    endpoints: { regions: {}, issuers: { [west]: "http://127.0.0.1:1" } },
    global: { name: "api.example.com", region: central },
    ...{ names: {}, outputs: {}, healthChecks: [], queues: [], replicas: [], zonalShifts: [] },
    controlPlanes: { dark: false, calls: {} },
    workloads: [
      { region: central, service: "food-store", pattern: "ecs", desired: 1, zones: [`${central}a`], servers: [] },
      {
        ...{ region: west, service: "food-store", pattern: "ecs", desired: 4, zones },
        servers: [
          server(`${west}a`, "healthy", 1),
          server(`${west}a`, "draining", 2),
          server(`${west}b`, "healthy", 3),
        ],
      },
      { region: west, service: `${west}-live-reader`, pattern: "lambda", desired: 0, zones: [], servers: [] },
      { region: west, service: "pet-store", pattern: "lambda", desired: 0, zones: zones.slice(0, 2), servers: [] },
    ],
  } as unknown as PlatformState;
}

describe("the console's view of a platform", () => {
  const view = consoleView(state(), {
    fault: (region) => (region === west ? "hang" : undefined),
    isLost: (zone) => zone === `${west}c`,
    ...{ faults: [], drills: [] },
  });

  it("has the primary region first, how it is cut off, and the one that answers", () => {
    assert.deepEqual(
      view.regions.map(({ name, fault }) => [name, fault]),
      [
        [west, "hang"],
        [central, undefined],
      ],
    );
    assert.equal(view.answeredBy, central);
  });

  it("has the planned servers of each zone next to those that run, and zones without any of a service", () => {
    const [food, pet] = view.regions[0]!.services;
    assert.deepEqual([food!.planned, food!.healthy], [4, 2]);
    assert.deepEqual(
      food!.zones.map(({ planned, servers }) => [planned, servers.map(({ health }) => health)]),
      [
        [2, ["healthy", "draining"]],
        [1, ["healthy"]],
        [1, []],
      ],
    );
    assert.deepEqual(
      pet!.zones.map(({ planned }) => planned),
      [0, 0, undefined],
    );
    assert.deepEqual(
      view.regions[0]!.zones.map(({ lost }) => lost),
      [false, false, true],
    );
  });

  it("has the functions of the platform apart from its services", () => {
    assert.deepEqual(view.regions[0]!.functions, [{ name: "live-reader", processes: 0 }]);
    assert.deepEqual(
      view.regions[0]!.services.map(({ service }) => service),
      ["food-store", "pet-store"],
    );
  });
});
