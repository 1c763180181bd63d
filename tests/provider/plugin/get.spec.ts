import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cacheFolder, getPlugin } from "./get";

describe("the AWS provider for its check", () => {
  let folder: string;
  let said: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "platform-provider-"));
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
  const env = (path: readonly string[]) => ({ PATH: path.join(":"), XDG_CACHE_HOME: join(folder, "cache") });
  const get = (...path: string[]) => getPlugin({ env: env(path), say: (line) => said.push(line) });
  const MAKE = 'while [ "$1" != "-o" ]; do shift; done; echo made > "$2"';

  it("is the one on PATH, also under the name that Terraform gives it, never one of another major version", async () => {
    const plain = executable("plain/terraform-provider-aws", "");
    const installed = executable("installed/terraform-provider-aws_v6.50.0_x5", "");
    const older = executable("older/terraform-provider-aws_v5.90.0_x5", "");
    assert.equal((await get(older, plain)).command, join(plain, "terraform-provider-aws"));
    assert.equal((await get(older, installed)).command, join(installed, "terraform-provider-aws_v6.50.0_x5"));
    assert.deepEqual(said, []);
  });

  it("is the vendor's where Terraform is installed", async () => {
    const provider = ".terraform/providers/aws/terraform-provider-aws_v6.48.0_x5";
    const script = `cd "\${1#-chdir=}" && /bin/mkdir -p .terraform/providers/aws && echo vendor > ${provider}`;
    const { source } = await get(executable("bin/terraform", script));
    assert.match(source, /^vendor: .*\/vendor\/terraform-provider-aws 6\.48\.0$/);
  });

  it("is built when there is none, kept for the next time, and said to take long", async () => {
    const go = executable("go/go", MAKE);
    const made = await get(go);
    assert.match(made.source, /^built: .*\/built\/terraform-provider-aws v1\.60\.1-0\.\d{14}-[0-9a-f]{12}$/);
    assert.equal(said.length, 2);
    assert.match(said[1]!, /building it from Go modules, once, which takes tens of minutes/);
    rmSync(go, { recursive: true });
    assert.deepEqual(await get(), made);
    assert.equal(said.length, 2);
  });

  it("fails in one sentence, with each reason, and leaves nothing half made", async () => {
    const go = executable("go/go", "echo 'module not found' >&2; exit 1");
    await assert.rejects(get(go), {
      message:
        /^terraform-provider-aws 6 is neither on PATH nor to be had: vendor \(.*ENOENT\); built \(module not found\); install Terraform, or Go with a module proxy$/,
    });
    assert.deepEqual(readdirSync(cacheFolder(env([]))), []);
  });
});
