import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { projectRoot } from "../../graph/project-root";

/** Runs the tests of the web app on a machine whose browser is at a path. */
function run(more: Readonly<Record<string, string>>) {
  const { REQUIRE_BROWSER: _, ...env } = process.env;
  const args = ["node_modules/mocha/bin/mocha.js", "tests/e2e/web/*.spec.ts"];
  const { status, stdout } = spawnSync(process.execPath, args, {
    ...{ cwd: projectRoot, encoding: "utf8", env: { ...env, CHROMIUM: "/nowhere/chromium", ...more } },
  });
  return { status, stdout };
}

describe("tests in a browser, on a machine without one", function () {
  this.timeout(60_000);

  it("do not run, and say once which they are and how to run them", () => {
    const { status, stdout } = run({});
    assert.equal(status, 0, stdout);
    assert.match(stdout, /^ +0 passing/m);
    const said = stdout.match(/No browser: .*tests\/e2e\/web.* npm run mocha -- 'tests\/e2e\/web\/\*\.spec\.ts'/g);
    assert.equal(said?.length, 1, stdout);
  });

  it("fail in CI, which must have one", () => {
    const { status, stdout } = run({ REQUIRE_BROWSER: "1" });
    assert.notEqual(status, 0);
    assert.match(stdout, /CI must have a browser/);
  });
});
