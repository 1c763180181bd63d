import assert from "node:assert/strict";
import type { Graph, PlannedResource } from "../../graph/model";
import { planStack } from "../../graph/plan";
import { readPolicyConfig } from "../../graph/policy/config";
import { evaluate } from "../../graph/policy/evaluate";

describe("policy: speed", function () {
  this.timeout(60_000);
  const configOf = readPolicyConfig("prod");
  let plan: Graph;
  let planning: number;

  before(async () => {
    planning = await milliseconds(async () => {
      plan = await planStack("prod");
    });
  });

  // Measured 0.06 to 0.14 of planning, of the same code on one machine: a tenth would fail by chance.
  it("judges production in a fifth of the time that planning it takes", async () => {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 5; i++) best = Math.min(best, await milliseconds(() => evaluate(plan, { configOf })));
    assert.ok(best <= planning / 5, `${best} ms for a plan of ${planning} ms`);
  });

  // Measured 0.43 to 0.78 s in six runs, while others used the same two cores.
  it("judges 700 resources in under a second", async () => {
    const part = { ...plan, resources: times(plan, Math.ceil(700 / plan.resources.length)).resources.slice(0, 700) };
    assert.equal(part.resources.length, 700);
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 3; i++) best = Math.min(best, await milliseconds(() => evaluate(part, { configOf })));
    assert.ok(best < 1_000, `${best} ms`);
  });

  it("grows linearly to 10,000 resources", async () => {
    const copies = Math.ceil(10_000 / plan.resources.length);
    const [small, large] = [times(plan, Math.ceil(copies / 8)), times(plan, copies)];
    assert.ok(large.resources.length >= 10_000);
    const part = await milliseconds(() => evaluate(small, { configOf }));
    const whole = await milliseconds(() => evaluate(large, { configOf }));
    // Eight times the resources; twice that leaves room for a busy machine, and none for a scan (sixty-four times).
    const got = `${part} ms for ${small.resources.length}, ${whole} ms for ${large.resources.length}`;
    assert.ok(whole < 16 * part, got);
  });
});

/** Of this process's own time: what else the machine does is not the pack's. */
async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

/** The same plan many times over in one stack; each copy refers to itself only. */
function times(graph: Graph, count: number): Graph {
  const text = JSON.stringify(graph.resources);
  const resources = Array.from({ length: count }, (_, i) => {
    const own = text
      .replaceAll("::platform::", `::platform${i}::`)
      .replace(/\b(sg|subnet|vpc|lt|vpce|rtb)-([0-9a-f]{8})/g, `$1-${i}x$2`);
    return JSON.parse(own.replaceAll("123456789012", String(100000000000 + i))) as PlannedResource[];
  });
  return { ...graph, resources: resources.flat() };
}
