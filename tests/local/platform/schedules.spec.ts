import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { catalog } from "../../../apps/catalog";
import type { NeedsSpec } from "../../../apps/kit/needs-spec";
import type { Graph } from "../../../graph/model";
import { planStack } from "../../../graph/plan";
import { type RunningPlatform, startPlatform } from "../../../local/platform";
import { until } from "../helpers/wait";

/** Services that dev runs under each pattern with servers, and the route that a schedule of this test calls. */
const called = { "food-store": "ecs", "price-calculator": "beanstalk", shipping: "ec2" } as const;

/** Plans dev, in which every service has a schedule that runs every minute, and one fails. */
async function planWithSchedules(): Promise<Graph> {
  const changed = catalog as unknown as Record<string, { needs: NeedsSpec }>;
  const saved = Object.keys(called).map((name) => [name, changed[name]!.needs] as const);
  for (const [name, needs] of saved) {
    const schedule = (id: string, path: string) => ({ id, every: "rate(1 minute)", method: "GET" as const, path });
    const schedules = [schedule("health", `/${name}/healthz`), schedule("absent", `/${name}/none`)];
    changed[name]!.needs = { ...needs, schedules: name === "shipping" ? schedules : schedules.slice(0, 1) };
  }
  try {
    const graph = await planStack("dev");
    const everyMinute = (outputs: Graph["resources"][number]["outputs"]) => ({
      ...outputs,
      scheduleExpression: "rate(1 minute)",
    });
    const resources = graph.resources.map((each) =>
      each.type === "aws:scheduler/schedule:Schedule" ? { ...each, outputs: everyMinute(each.outputs) } : each,
    );
    return { ...graph, resources };
  } finally {
    for (const [name, needs] of saved) changed[name]!.needs = needs;
  }
}

describe("the local platform by the clock", () => {
  const stateDir = mkdtempSync(join(tmpdir(), "schedules-"));
  const lines: string[] = [];
  const ran = (name: string) =>
    lines.filter((line) => new RegExp(`^eu-west-1-${name}-schedules-\\S+ ran$`).test(line)).length;
  let platform: RunningPlatform;
  before(async function () {
    this.timeout(120_000);
    const log = (source: string, line: string) => {
      if (source === "scheduler") lines.push(line);
    };
    platform = await startPlatform({ graph: planWithSchedules(), stateDir, log, timeScale: 60 });
  });
  after(async () => {
    await platform?.stop();
    rmSync(stateDir, { recursive: true, force: true });
  });

  it("calls the routes of a function and of servers under every pattern, again and again", async function () {
    this.timeout(250_000);
    for (const name of ["pet-store", ...Object.keys(called)]) {
      await until(`${name} is called twice`, () => ran(name) >= 2, 60_000);
    }
    const answer = await fetch(`${platform.endpoints.global}/pet-store/records`);
    const { madeAt } = (await answer.json()) as { madeAt?: string };
    assert.ok(madeAt !== undefined, "the pet store's list was made");
  });

  it("repeats a run that is not answered with 2xx, as often as planned, and says when it gives up", async function () {
    this.timeout(100_000);
    const of = (text: string) => lines.filter((line) => line.includes("-absent-") && line.includes(text));
    await until("the run fails for good", () => of("failed for good").length > 0, 90_000);
    assert.match(of("is repeated in 60 s")[0]!, /GET \/shipping\/none must answer 2xx, got 404$/);
    assert.ok(of("is repeated in 120 s").length > 0);
  });

  it("stops with the platform", async () => {
    await platform.stop();
    const count = lines.length;
    await sleep(2_500);
    assert.equal(lines.length, count);
  });
});
