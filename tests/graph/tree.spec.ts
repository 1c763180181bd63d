import assert from "node:assert/strict";
import { catalog, serviceNames } from "../../apps/catalog";
import { renderCounts } from "../../graph/layers";
import type { GraphIndex } from "../../graph/model";
import { renderTree } from "../../graph/tree";
import { planned } from "../conformance/plans";

describe("the plan as a tree", () => {
  let plan: GraphIndex;
  let tree: string[];
  let counts: string[];
  before(async () => {
    plan = await planned("prod");
    tree = renderTree(plan.graph);
    counts = renderCounts(plan.graph);
  });

  it("has a line per resource, below its parent's, from the stack down", () => {
    assert.equal(tree.length, plan.graph.resources.length);
    const path: string[] = [];
    for (const line of tree) {
      const [, indent, name] = /^((?:│ {2}| {3}|├─ |└─ )*)(\S+) {2}\S+/.exec(line) ?? assert.fail(line);
      const depth = indent!.length / 3;
      path.splice(depth, path.length, name!);
      const found = plan.graph.resources.filter((resource) => resource.name === name);
      const parents = found.map(({ parent }) => (parent === undefined ? undefined : plan.urn(parent)?.name));
      assert.ok(parents.includes(path[depth - 1]), line);
    }
  });

  it("marks what is protected", () => {
    const marked = tree.filter((line) => line.endsWith("  [protected]")).length;
    assert.equal(marked, plan.graph.resources.filter(({ protect }) => protect).length);
    assert.ok(marked > 0);
  });

  it("goes with the numbers of what AWS holds, by layer and region, that add up", () => {
    const table = counts.map((line) => line.trim().split(/\s+/));
    const [head, ...rows] = table;
    assert.deepEqual(head, ["resources", "eu-central-1", "eu-west-1", "us-east-1", "total"]);
    assert.deepEqual(
      rows.map(([layer]) => layer),
      ["network", "identity", "data", "compute", "edge", "total"],
    );
    const numbers = rows.map((row) => row.slice(1).map(Number));
    for (const row of numbers) assert.equal(row.at(-1), row[0]! + row[1]! + row[2]!);
    const held = (region: string) =>
      plan.graph.resources.filter(({ type, region: at }) => /^awsx?:/.test(type) && at === region).length;
    assert.deepEqual(numbers.at(-1)!.slice(0, 3), ["eu-central-1", "eu-west-1", "us-east-1"].map(held));
    for (const column of [0, 1, 2, 3]) {
      const layers = numbers.slice(0, -1).map((row) => row[column]!);
      assert.equal(
        layers.reduce((sum, value) => sum + value),
        numbers.at(-1)![column],
      );
    }
    // A table per service, and those that it needs more; a pool, its log of messages in two parts with what alarms of it,
    // its domain, two clients, the look of its page, a group with the trigger that gives its scopes (a function, its
    // alias, log, alarm, role and permission), and a resource server per service.
    const services = serviceNames.length;
    const tables = Object.values(catalog).reduce(
      (sum, { needs }) => sum + Object.keys(needs.tables ?? {}).length,
      services,
    );
    assert.deepEqual(
      [numbers[1], numbers[2]],
      [
        [0, 22 + services, 0, 22 + services],
        [0, tables, 0, tables],
      ],
    );
  });
});
