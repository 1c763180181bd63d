import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const keptPlan: {
  stateOf(root: string, environment: string): string | undefined;
  read(root: string, environment: string, state: string | undefined): unknown;
  write(root: string, environment: string, state: string | undefined, graph: unknown): void;
} = require("../../cli/kept-plan.cjs");

const graph = { resources: [{ urn: "a", parent: undefined }], outputs: {} };

describe("the kept plan of npm start", () => {
  let root: string;
  const put = (path: string, text = path) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "platform-kept-plan-"));
    for (const path of ["Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml", "package-lock.json", "stacks/index.ts"])
      put(path);
    for (const path of ["apps/kit/app.ts", "apps/catalog.ts", ".artifacts/shop-1/server.cjs"]) put(path);
    put("infra/compute/lambda/releaser/index.mjs");
    put(".cache/planner.json", JSON.stringify({ inputs: { "stacks/index.ts": "" } }));
    keptPlan.write(root, "dev", keptPlan.stateOf(root, "dev"), graph);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const kept = () => keptPlan.read(root, "dev", keptPlan.stateOf(root, "dev"));

  it("is used while nothing has changed, with what is undefined in it", () => {
    assert.deepEqual(kept(), graph);
  });

  it("is that of one environment", () => {
    assert.equal(keptPlan.read(root, "prod", keptPlan.stateOf(root, "prod")), undefined);
    put("Pulumi.prod.yaml", "other values");
    assert.deepEqual(kept(), graph);
  });

  for (const [what, change] of [
    ["the environment's file", () => put("Pulumi.dev.yaml", "other values")],
    ["the project's file", () => put("Pulumi.yaml", "other values")],
    ["the packages", () => put("package-lock.json", "other values")],
    ["a source of the program", () => put("stacks/index.ts", "stacks/index.js")],
    ["a source of an app", () => put("apps/kit/app.ts", "other values")],
    ["a new file of an app", () => put("apps/kit/new.ts")],
    ["the releaser's code", () => put("infra/compute/lambda/releaser/index.mjs", "other values")],
    ["a built app", () => rmSync(join(root, ".artifacts/shop-1"), { recursive: true })],
    ["the bundle, which is gone", () => rmSync(join(root, ".cache/planner.json"))],
    ["the kept file, which is broken", () => put(".cache/plan-dev.bin", "{")],
    ["the environment's file, which is gone", () => rmSync(join(root, "Pulumi.dev.yaml"))],
  ] as const) {
    it(`is not used after a change of ${what}`, () => {
      change();
      assert.equal(kept(), undefined);
    });
  }

  it("is not kept where its state is not known", () => {
    keptPlan.write(root, "prod", undefined, graph);
    assert.equal(keptPlan.read(root, "prod", undefined), undefined);
  });
});
