import assert from "node:assert/strict";
import { createCommandLine } from "../../../cli/command-line";
import { measure } from "../../../cli/drill/measure";
import { plannedDetection } from "../../../cli/drill/planned";
import { type DrillReport, drillKinds, renderReport } from "../../../cli/drill/report";

type Row = [start: number, status: number | "no answer"];
const asked = (...rows: Row[]) =>
  rows.map(([start, status]) => ({ service: "shipping", kind: "get" as const, start, end: start + 5, status }));

describe("what clients saw of a fault", () => {
  const requests = asked(
    [0, 200],
    [100, 503],
    [200, 200],
    [1_000, 200],
    [1_100, "no answer"],
    [1_200, 500],
    [1_300, 404],
  );
  const measured = measure([...requests, ...asked([1_400, 429], [1_500, 502], [1_600, 200])], 1_050);

  it("counts failures by status, those before the fault apart, and limits apart", () => {
    assert.deepEqual(measured.byStatus, { "500": 1, "502": 1, "503": 1, "no answer": 1 });
    assert.deepEqual([measured.requests, measured.failed, measured.failedBefore, measured.throttled], [10, 4, 1, 1]);
  });

  it("has the longest time without an answer, and when failures stopped", () => {
    assert.deepEqual([measured.longestOutageMs, measured.failuresStoppedMs], [200, 450]);
    assert.equal(measure(asked([0, 200]), 0).failuresStoppedMs, 0);
    assert.equal(measure(asked([0, 500], [300, 500]), 0).longestOutageMs, 300);
  });
});

describe("the report of a drill", () => {
  const planned = { by: "the balancer's checks", medianMs: 2_000, p99Ms: 2_490, worstMs: 2_500 };
  const report: DrillReport = {
    drill: { kind: "zone", how: "silence", place: "eu-west-1a" },
    ...{
      stack: "prod",
      timeScale: 10,
      rate: 40,
      faultMs: 4_000,
      requests: 400,
      failed: 12,
      throttled: 0,
      failedBefore: 0,
    },
    byStatus: { "503": 10, "no answer": 2 },
    ...{ longestOutageMs: 80, failuresStoppedMs: 1_900 },
    detection: { measuredMs: 2_100, planned },
    recovery: { measuredMs: 700 },
    services: [
      {
        ...{ service: "shipping", pattern: "ec2", requests: 100, failed: 12, failuresStoppedMs: 1_900, planned },
        expectedFailures: { median: 10, most: 13 },
      },
    ],
    writes: { acknowledged: 90, unknown: 2, keys: 30 },
    violations: [
      {
        key: "shipping/a",
        what: "no order explains it",
        history: [
          { key: "a", kind: "put", value: 1, start: 1, end: 2 },
          { key: "a", kind: "put", value: 2, start: 3 },
          { key: "a", kind: "get", value: 0, start: 4, end: 5 },
        ],
      },
    ],
    problems: ["shipping/a: no order explains it"],
    ok: false,
  };

  it("has measured next to planned, a violation's history, and why it failed", () => {
    const text = renderReport(report);
    for (const line of [
      /^zone eu-west-1a, silence: prod, time 10 times as fast$/m,
      /^failed +12 \(10 503, 2 no answer\) +10, 13 at most$/m,
      /^found after +2\.1 s +2\.0 s, 2\.5 s at most, by the balancer's checks$/m,
      /^whole again after +0\.7 s$/m,
      /^shipping +ec2 +100 +12 +1\.9 s +2\.5 s +10, 13 at most$/m,
      /^shipping\/a: no order explains it$/m,
      /^ +3\.0 ms to +no answer {2}put 2$/m,
      /^ +4\.0 ms to +5\.0 ms {2}get nothing$/m,
      /^FAILED: shipping\/a: no order explains it$/m,
    ]) {
      assert.match(text, line);
    }
    assert.match(renderReport({ ...report, violations: [], problems: [] }), /\nok$/);
  });
});

describe("what the plan says of a fault", () => {
  const balancer = {
    by: "b",
    failures: 2,
    intervalSeconds: 10,
    timeoutSeconds: 5,
    from: "start",
    leastTimeoutMs: 250,
  } as const;
  const names = { ...balancer, by: "n", failures: 3, timeoutSeconds: 6 };
  const plan = {
    ...{ stack: "prod", names, probeSeconds: 5, addressSeconds: 60 },
    services: [
      { service: "shipping", pattern: "ec2", region: "eu-west-1", checks: balancer },
      { service: "pet-store", pattern: "lambda", region: "eu-west-1" },
    ],
  };
  const worst = (kind: (typeof drillKinds)[number], how: string, service = "shipping", scale = 1) =>
    plannedDetection(plan, { kind, how, region: "eu-west-1" }, service, scale)?.worstMs;

  it("is found by checks that wait, or that are refused at once", () => {
    assert.deepEqual(
      [worst("zone", "silence"), worst("zone", "kill"), worst("instance", "hang")],
      [25_000, 20_000, 25_000],
    );
    assert.deepEqual([worst("region", "silence"), worst("region", "refuse")], [36_000, 30_000]);
    assert.deepEqual([worst("dependency", "refuse"), worst("zone", "silence", "shipping", 10)], [35_000, 2_500]);
  });

  it("is found by nothing where nothing is planned: a function, what is slow, a shift, a release", () => {
    assert.deepEqual(
      [worst("zone", "silence", "pet-store"), worst("instance", "slow"), worst("zone", "shift"), worst("deploy", "")],
      [undefined, undefined, undefined, undefined],
    );
    assert.equal(
      plannedDetection({ ...plan, names: undefined as never }, { kind: "region", how: "refuse", region: "a" }, "", 1),
      undefined,
    );
  });
});

describe("npm run drill", () => {
  it("offers every kind", () => {
    const command = createCommandLine().commands.find((each) => each.name() === "drill")!;
    assert.deepEqual(command.registeredArguments[0]!.argChoices, [...drillKinds]);
  });
});
