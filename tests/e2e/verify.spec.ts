import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import type { Report } from "../../verify/report";
import { Command, Folder } from "../helpers/command";
import { unmet } from "../verify/helpers/environment";

const command = join(projectRoot, "cli/platform.cjs");

/** Runs a command to its end. */
function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { maxBuffer: 16 * 1_024 * 1_024 }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

describe("npm run verify", function () {
  this.timeout(180_000);
  const folder = new Folder();
  const { state } = folder;
  after(() => folder.remove());

  it("verifies prod on this machine: both regions and the name that fails over", async () => {
    const options = ["--stack", "prod", "--port", "0", "--time-scale", "2", "--state", state];
    const platform = new Command(folder, ["start", ...options]);
    try {
      await platform.says(/^ready /m, 120_000);
      const { out, err } = await run("verify", "--state", state, "--json");
      const report: Report = JSON.parse(out);
      assert.deepEqual(unmet(report), []);
      assert.equal(report.environment, "prod");
      const ids = report.results.map(({ id }) => id);
      for (const id of ["names/global", "names/eu-central-1", "names/eu-central-1/other"]) assert.ok(ids.includes(id));
      assert.ok(ids.includes("replica/global/food-store/put-food/eu-central-1"));
      assert.equal(err.trim().split("\n").length, ids.length + 1);
    } finally {
      await platform.interrupt();
    }
  });

  it("exits with 1 and one sentence where no platform runs, or the outputs are of another environment", async () => {
    const none = await run("verify", "--state", join(state, "none"));
    assert.deepEqual([none.code, none.out], [1, ""]);
    assert.match(none.err, /^no platform runs from this folder; .*\n$/);
    const file = join(folder.path, "outputs.json");
    writeFileSync(file, '{"version":1,"edge":{}}');
    const other = await run("verify", "--stack", "prod", "--outputs", file);
    assert.deepEqual(
      [other.code, other.err],
      [1, "prod has no edge outputs in eu-west-1 and eu-central-1; deploy it there first\n"],
    );
  });

  it("exits with 2 for wrong usage", async () => {
    for (const args of [
      ["--stack", "prod-edge"],
      ["--outputs", "outputs.json"],
      ["--url", "http://api.example.com"],
      ["--url", "https://api.example.com", "--outputs", "outputs.json"],
      ["--timeout-seconds", "0"],
    ]) {
      const { code, out, err } = await run("verify", ...args);
      assert.deepEqual([args, code, out], [args, 2, ""]);
      assert.match(err, /^error: /);
    }
  });
});
