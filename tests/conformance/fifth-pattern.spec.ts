import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildSync } from "esbuild";
import { addPattern } from "../../cli/new/pattern";
import { change } from "../../cli/new/tree";
import { projectRoot } from "../../graph/project-root";

const run = promisify(execFile);

/** A copy of the program below the project, where packages are found. */
const copy = join(projectRoot, ".cache", `fifth-${process.pid}`);
const given = join(__dirname, "fifth-pattern");

describe("a fifth pattern, as `npm run new -- pattern fleet` makes it", function () {
  this.timeout(120_000);
  before(() => {
    for (const name of ["account", "apps", "cli", "infra", "stacks", "graph", "policy", "local", "tsconfig.json"]) {
      cpSync(join(projectRoot, name), join(copy, name), { recursive: true });
    }
    for (const name of ["Pulumi.yaml", "Pulumi.dev.yaml", "package.json", "package-lock.json"])
      cpSync(join(projectRoot, name), join(copy, name));
    cpSync(join(given, "run.ts"), join(copy, "run.ts"));
    change(copy, addPattern(projectRoot, "fleet"));
    // Artifacts of the same sources need not be built again.
    const artifacts = join(projectRoot, ".artifacts");
    if (existsSync(artifacts)) cpSync(artifacts, join(copy, ".artifacts"), { recursive: true });
    const config = readFileSync(join(copy, "Pulumi.dev.yaml"), "utf8");
    assert.ok(config.includes("pattern: ec2"), "dev has a service under ec2");
    writeFileSync(join(copy, "Pulumi.dev.yaml"), config.replace("pattern: ec2", "pattern: fleet"));
    writeFileSync(
      join(copy, "tsconfig.json"),
      JSON.stringify({
        extends: "../../tsconfig.json",
        compilerOptions: { rootDir: "." },
        include: ["infra", "stacks", "graph", "local", "run.ts"],
        // The console's page is compiled for browsers, by a configuration of its own.
        exclude: ["local/console/app"],
      }),
    );
  });
  after(() => rmSync(copy, { recursive: true, force: true }));

  it("compiles: nothing else must be taught about it", async () => {
    const compiler = join(projectRoot, "node_modules/tsc7/bin/tsc");
    const { stdout } = await run(process.execPath, [compiler, "--pretty", "false", "-p", "."], { cwd: copy }).catch(
      (error: { stdout: string }) => error,
    );
    assert.equal(stdout, "");
  });

  it("is planned by its name in configuration, and runs on this machine", async () => {
    // In one bundle, as the commands run: compiling each file as it loads takes most of the test's time.
    const outfile = join(copy, ".cache", "run.cjs");
    const entryPoints = [join(copy, "run.ts")];
    buildSync({ entryPoints, outfile, bundle: true, packages: "external", platform: "node", format: "cjs" });
    const { stdout } = await run(process.execPath, [outfile], { cwd: copy });
    assert.deepEqual(JSON.parse(stdout), {
      patternNames: ["ec2", "ecs", "beanstalk", "lambda", "fleet"],
      fleets: [{ name: "eu-west-1-shipping-fleet", region: "eu-west-1" }],
      status: 200,
      pattern: "fleet",
      zones: ["eu-west-1a", "eu-west-1b"],
    });
  });
});
