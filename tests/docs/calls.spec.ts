import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { catalog } from "../../apps/catalog";
import type { ServiceContract } from "../../apps/kit/contract";
import { planStack } from "../../graph/plan";
import { projectRoot } from "../../graph/project-root";
import { serviceCalls } from "../../graph/summary/service-calls";
import { planned, withCalls } from "../conformance/plans";
import { callGraph, callsPage } from "./calls";

describe("who calls whom", function () {
  this.timeout(60_000);

  it("is drawn in docs/calls.md as the contracts say", () => {
    const path = join(projectRoot, "docs/calls.md");
    assert.equal(readFileSync(path, "utf8"), callsPage(), "run `npm run generate` and review the change");
  });

  it("is drawn with an arrow for each pair of services", () => {
    const contracts: Parameters<typeof callGraph>[0] = [
      { name: "a", calls: { b: ["get-b", "list-b"] } },
      { name: "b", calls: {} },
    ];
    assert.equal(callGraph(contracts), "flowchart LR\n  a\n  b\n  a -- get-b, list-b --> b\n");
  });

  it("is read from the policies of the planned roles, as the contracts say", async () => {
    const declared = (Object.values(catalog) as ServiceContract[])
      .filter(({ calls }) => Object.keys(calls).length > 0)
      .map(({ name, calls }) => ({ caller: name, callees: Object.keys(calls).sort() }));
    assert.deepEqual(serviceCalls((await planned("prod")).graph), declared);
    const others = await withCalls({ shipping: { "pet-store": ["get-pet"] } }, () => planStack("dev"));
    assert.deepEqual(serviceCalls(others).at(-1), { caller: "shipping", callees: ["pet-store"] });
  });
});
