import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { bundle } from "../../apps/bundle";
import { serviceNames } from "../../apps/catalog";

const here = resolve(__dirname, "../..");

/** Files of an artifact, without those in folders. */
const filesOf = {
  node: ["Dockerfile", "Procfile", "handler.cjs", "healthcheck.cjs", "package.json", "server.cjs"],
  python: [
    ...["Dockerfile", "Procfile", "app.py", "aws-services.txt", "handler.py", "openapi.json", "packages.lock"],
    "server.py",
  ],
};

/** A checkout somewhere else, with the same sources and packages. */
function checkout(): string {
  const root = mkdtempSync(join(tmpdir(), "bundle-"));
  cpSync(join(here, "apps"), join(root, "apps"), { recursive: true });
  cpSync(join(here, "package-lock.json"), join(root, "package-lock.json"));
  symlinkSync(join(here, "node_modules"), join(root, "node_modules"));
  return root;
}

describe("bundle", () => {
  let root: string;
  before(() => {
    root = checkout();
  });
  after(() => rmSync(root, { recursive: true }));

  it("gives the same artifacts in any folder, each with all that is deployed", async () => {
    const [one, other] = [await bundle(serviceNames), await bundle(serviceNames, { root })];
    assert.deepEqual(Object.keys(one), serviceNames);
    assert.deepEqual(one, other);
    for (const [name, { hash, directory, runtime }] of Object.entries(one)) {
      assert.match(hash, /^[0-9a-f]{64}$/);
      assert.equal(directory, `.artifacts/${name}-${hash.slice(0, 12)}`);
      const files = filesOf[runtime];
      const folders = runtime === "python" ? [".ebextensions", "platform_kit"] : [".ebextensions"];
      // A folder of this checkout may have its packages already; the other one was made for a plan.
      assert.deepEqual(readdirSync(join(root, directory)).sort(), [...folders, ...files].sort());
      assert.deepEqual(readdirSync(join(root, directory, ".ebextensions")), ["health.config"]);
      for (const file of [...files, ".ebextensions/health.config"]) {
        const path = join(root, directory, file);
        const text = readFileSync(path, "utf8");
        assert.ok(!text.includes(root) && !text.includes(here), `${file} holds no path of this machine`);
        assert.equal(text, readFileSync(join(here, directory, file), "utf8"));
        assert.equal(statSync(path).mode & 0o777, 0o644);
        assert.ok(text.length < 800_000, `${file}: ${text.length}`);
      }
    }
  });

  it("has the Dockerfile of apps/bundler, which pins its base image and runs as nobody special", async () => {
    const { "food-store": artifact } = await bundle(["food-store"]);
    const dockerfile = readFileSync(join(here, artifact!.directory, "Dockerfile"), "utf8");
    assert.equal(dockerfile, readFileSync(join(here, "apps/bundler/Dockerfile"), "utf8"));
    const base = /^FROM public\.ecr\.aws\/docker\/library\/node:22\.\d+\.\d+-slim@sha256:[0-9a-f]{64}$/m;
    assert.match(dockerfile, base);
    assert.match(dockerfile, /\nUSER 1000\nCMD \["node", "server\.cjs"\]\n$/);
  });

  it("loads as a Lambda function", async () => {
    const { "pet-store": artifact } = await bundle(["pet-store"]);
    const script = `process.stdout.write(typeof require(${JSON.stringify(join(here, artifact!.directory, "handler.cjs"))}).handler)`;
    const env = { ...process.env, TABLE_NAME: "pets", BUCKET: "records", AWS_REGION: "eu-central-1" };
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { env });
    assert.equal(stdout, "function");
  });

  it("compiles nothing when nothing has changed, and takes milliseconds", async () => {
    const { shipping } = await bundle(serviceNames, { root });
    const server = join(root, shipping!.directory, "server.cjs");
    utimesSync(server, 0, 0);
    const started = performance.now();
    await bundle(serviceNames, { root });
    const ms = performance.now() - started;
    assert.equal(statSync(server).mtimeMs, 0);
    assert.ok(ms < 100, `${ms} ms`);
  });

  it("compiles again when a source has changed, a folder is gone or the cache is broken", async () => {
    const { "pet-store": before } = await bundle(["pet-store"], { root });
    const path = join(root, before!.directory);
    rmSync(path, { recursive: true });
    assert.deepEqual((await bundle(["pet-store"], { root }))["pet-store"], before);
    assert.ok(existsSync(path));
    writeFileSync(join(root, ".artifacts/cache.json"), "{");
    assert.deepEqual((await bundle(["pet-store"], { root }))["pet-store"], before);
    const contract = join(root, "apps/pet-store/contract.ts");
    const source = readFileSync(contract, "utf8");
    writeFileSync(contract, source.replace("max(1_800)", "max(1_801)"));
    const { "pet-store": changed } = await bundle(["pet-store"], { root });
    writeFileSync(contract, source);
    assert.notEqual(changed!.hash, before!.hash);
  });

  it("builds again when the Dockerfile has changed", async () => {
    const { "pet-store": before } = await bundle(["pet-store"], { root });
    const path = join(root, "apps/bundler/Dockerfile");
    const source = readFileSync(path, "utf8");
    writeFileSync(path, source.replace("USER 1000", "USER 1001"));
    const { "pet-store": changed } = await bundle(["pet-store"], { root });
    writeFileSync(path, source);
    assert.notEqual(changed!.hash, before!.hash);
    assert.match(readFileSync(join(root, changed!.directory, "Dockerfile"), "utf8"), /\nUSER 1001\n/);
  });

  it("builds a function without a server as its handler alone", async () => {
    mkdirSync(join(root, "apps/hook"));
    writeFileSync(join(root, "apps/hook/handler.ts"), "export const handler = async () => 1;\n");
    const { hook } = await bundle(["hook"], { root });
    assert.deepEqual(readdirSync(join(root, hook!.directory)), ["handler.cjs"]);
    rmSync(join(root, "apps/hook"), { recursive: true });
  });

  it("names an app that does not exist, or a source that does not compile", async () => {
    await assert.rejects(bundle(["nothing"], { root }), {
      message: 'app "nothing" has neither server.ts nor handler.ts; add one to apps/nothing',
    });
    mkdirSync(join(root, "apps/broken"));
    writeFileSync(join(root, "apps/broken/handler.ts"), "export const = 1;\n");
    await assert.rejects(bundle(["broken"], { root }), /apps\/broken\/handler\.ts:1:13/);
    rmSync(join(root, "apps/broken"), { recursive: true });
  });

  it("keeps the five newest folders of an app", async () => {
    const store = join(root, ".artifacts");
    const old = Array.from({ length: 8 }, (_, age) => `shipping-${String(age).repeat(12)}`);
    for (const [age, folder] of old.entries()) {
      mkdirSync(join(store, folder));
      utimesSync(join(store, folder), 1_000 - age, 1_000 - age);
    }
    rmSync(join(store, "cache.json"));
    const { shipping } = await bundle(["shipping"], { root });
    const left = readdirSync(store).filter((entry) => entry.startsWith("shipping-"));
    assert.deepEqual(left.sort(), [...old.slice(0, 4), shipping!.directory.slice(".artifacts/".length)].sort());
  });

  it("may run several times at once", async () => {
    rmSync(join(root, ".artifacts"), { recursive: true });
    const script = `require(${JSON.stringify(join(here, "apps/bundle.ts"))}).bundle(JSON.parse(process.argv[1]), { root: process.argv[2] }).then((r) => console.log(JSON.stringify(r)))`;
    const run = (names: readonly string[]) =>
      promisify(execFile)(
        process.execPath,
        ["-r", "ts-node/register/transpile-only", "-e", script, JSON.stringify(names), root],
        { cwd: here },
      ).then(({ stdout }) => JSON.parse(stdout));
    const runs = await Promise.all([run(["shipping"]), run(["pet-store", "shipping"])]);
    assert.equal(new Set(runs.map((result) => JSON.stringify(result.shipping))).size, 1);
    const entries = readdirSync(join(root, ".artifacts"));
    assert.deepEqual(
      entries.filter((entry) => entry.startsWith(".") || /cache\.json./.test(entry)),
      [],
    );
    assert.deepEqual(await bundle(["pet-store", "shipping"], { root }), runs[1]);
  });
});
