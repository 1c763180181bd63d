import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removePattern } from "../../cli/new/pattern";
import { copyProject } from "../helpers/checkout";

describe("npm run new -- pattern", function () {
  this.timeout(240_000);
  const root = mkdtempSync(join(tmpdir(), "new-pattern-"));
  const status = () => execFileSync("git", ["-C", root, "status", "--porcelain"], { encoding: "utf8" });
  const run = (...args: string[]): Promise<{ code: number; stderr: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, ["cli/platform.cjs", "new", "pattern", ...args], { cwd: root }, (error, _, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stderr }),
      );
    });

  before(() => {
    copyProject(root);
    assert.equal(status(), "");
  });
  after(() => rmSync(root, { recursive: true, force: true, maxRetries: 3 }));

  it("is undone by --remove, which leaves the tree as it was, unless a service has the pattern", async () => {
    const made = await run("nomad");
    assert.equal(made.code, 0, made.stderr);
    assert.match(status(), /infra\/compute\/nomad\//);

    const dev = join(root, "Pulumi.dev.yaml");
    const text = readFileSync(dev, "utf8");
    writeFileSync(dev, text.replace("food-store: { pattern: ecs", "food-store: { pattern: nomad"));
    assert.deepEqual(await run("nomad", "--remove"), {
      code: 1,
      stderr:
        "--remove must name a pattern that no service has, got nomad, which is that of food-store in Pulumi.dev.yaml; give them another one\n",
    });
    writeFileSync(dev, text);

    const component = join(root, "infra/compute/nomad/pattern.ts");
    const own = readFileSync(component, "utf8");
    writeFileSync(component, `${own}// mine\n`);
    assert.throws(
      () => removePattern(root, "nomad"),
      /^UserError: --remove would delete changes that git does not have/,
    );
    writeFileSync(component, own);

    const removed = await run("nomad", "--remove");
    assert.equal(removed.code, 0, removed.stderr);
    assert.equal(status(), "");
    assert.ok(!existsSync(join(root, "infra/compute/nomad")));
  });

  for (const name of ["ecs", "nothing"]) {
    it(`refuses to remove ${name}, which it has not made`, () =>
      assert.throws(() => removePattern(root, name), {
        message: new RegExp(`^--remove must name a pattern that this command has made, got ${name}, which has no `),
      }));
  }
});
