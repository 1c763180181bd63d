import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { getCli } from "./get";

describe("the command line for engine tests", () => {
  let folder: string;
  let said: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "platform-cli-"));
    said = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function executable(path: string, script: string): string {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return dirname(file);
  }
  /** With nothing of this machine but `sh`, and no network. */
  function get(...path: string[]) {
    writeFileSync(join(folder, "offline.cjs"), 'globalThis.fetch = () => Promise.reject(new Error("no network"));');
    const env = {
      PATH: path.join(":"),
      XDG_CACHE_HOME: join(folder, "cache"),
      NODE_OPTIONS: `--require ${join(folder, "offline.cjs")}`,
    };
    return getCli({ env, say: (line) => said.push(line) });
  }

  it("is the one on PATH, with its language host, when its version fits", () => {
    const path = executable("bin/pulumi", "echo v3.300.1");
    assert.deepEqual(get(path), { command: join(path, "pulumi"), source: `PATH: ${path}/pulumi v3.300.1` });
    executable("bin/pulumi-language-nodejs", "");
    assert.equal(get(path).languageHost, path);
    assert.deepEqual(said, []);
  });

  it("is never one that is too old, of another major version, broken, or npm's own downloader", () => {
    const unfit = ["echo v3.249.0", "echo v4.0.0", "exit 1"].map((script, i) => executable(`${i}/pulumi`, script));
    unfit.push(executable("node_modules/.bin/pulumi", "echo v3.300.1"));
    for (const path of unfit) assert.throws(() => get(path), /neither on PATH/);
  });

  it("is made when there is none, kept for the next time, and said to be under way", () => {
    const go = executable(
      "go/go",
      'while [ "$1" != "-o" ]; do shift; done; echo "echo made" > "$2"; echo $0 >> "$0.log"',
    );
    const made = get(go);
    assert.match(made.source, /^built: .*\/cache\/platform-engine\/[0-9a-f]{16}\/built\/pulumi v3\.250\.0$/);
    assert.deepEqual(said, [
      `Pulumi ${require("pulumi/package.json").version}: asking the vendor`,
      "Pulumi 3.250.0: building from Go modules, which takes some minutes",
    ]);
    rmSync(go, { recursive: true });
    assert.deepEqual(get(), made);
    assert.equal(said.length, 2);
  });

  it("fails in one sentence, with each reason, and leaves nothing half made", () => {
    const go = executable("go/go", "echo 'module not found' >&2; exit 1");
    const failure =
      /^Pulumi 3\.250\.0 or later is neither on PATH nor to be had: vendor \(.*no network\); built \(module not found\); install it, or Go with a module proxy$/;
    assert.throws(() => get(go), { message: failure });
    const [kept] = readdirSync(join(folder, "cache/platform-engine"));
    assert.deepEqual(readdirSync(join(folder, "cache/platform-engine", kept!)), []);
  });
});
