import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EndpointsFile, readEndpoint } from "../../../local/state/endpoints";

describe("endpoints.json", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "state-"));
    file = join(folder, "endpoints.json");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const broken: Record<string, [make: () => void, what: RegExp]> = {
    "is cut": [() => writeFileSync(file, '{"console": "http://127'), /it is not JSON/],
    "is empty": [() => writeFileSync(file, ""), /it is not JSON/],
    "is null": [() => writeFileSync(file, "null"), /console is not a URL of this machine/],
    "is a list": [() => writeFileSync(file, "[1]"), /console is not a URL of this machine/],
    "leads elsewhere": [() => writeFileSync(file, '{"console":"http://evil.example:1"}'), /console is not a URL/],
    "has a number": [() => writeFileSync(file, '{"console":8080}'), /console is not a URL of this machine/],
    "is a folder": [() => mkdirSync(file), /it is not a file/],
    "is a pipe": [() => execFileSync("mkfifo", [file]), /it is not a file/],
    "is a link to nothing": [() => symlinkSync(join(folder, "none"), file), /it is not a file/],
    "is huge": [() => writeFileSync(file, `{"console":"${"x".repeat(2_000_000)}"}`), /it has 2000014 bytes/],
  };
  for (const [how, [make, what]] of Object.entries(broken)) {
    it(`is refused in one sentence when it ${how}, by what reads it and by the next start`, async () => {
      make();
      const sentence = (error: Error) => {
        assert.equal(error.name, "UserError", error.stack);
        assert.match(error.message, what);
        assert.match(
          error.message,
          /^\S+endpoints\.json is not what a platform writes: .*; delete it, or choose another folder with --state$/,
        );
        return true;
      };
      assert.throws(() => readEndpoint(folder, "console"), sentence);
      await assert.rejects(new EndpointsFile(folder).prepare(), sentence);
    });
  }

  it("is not there, and so is its folder", () => {
    assert.equal(readEndpoint(folder, "console"), undefined);
    assert.equal(readEndpoint(join(folder, "none"), "issuer"), undefined);
    writeFileSync(file, "x");
    assert.equal(readEndpoint(file, "console"), undefined);
  });

  it("is removed when the platform that wrote it was killed, with what that platform had not finished", async () => {
    writeFileSync(file, '{"console":"http://127.0.0.1:9"}');
    writeFileSync(`${file}.4711`, "half");
    await new EndpointsFile(folder).prepare();
    assert.deepEqual(readdirSync(folder), []);
  });

  it("stays when its platform answers late, as on a busy machine", async () => {
    const busy = createServer((_, response) => void setTimeout(() => response.end("{}"), 1_500));
    await new Promise<void>((resolve) => busy.listen(0, "127.0.0.1", resolve));
    const console = `http://127.0.0.1:${(busy.address() as AddressInfo).port}`;
    writeFileSync(file, JSON.stringify({ console }));
    try {
      await assert.rejects(new EndpointsFile(folder).prepare(), {
        message: `a platform already runs from ${folder} at ${console}; stop it first, or choose another folder with --state`,
      });
      assert.deepEqual(readdirSync(folder), ["endpoints.json"]);
    } finally {
      busy.close();
    }
  });

  const folders: Record<string, [path: () => string, why: RegExp]> = {
    "is a file": [() => file, /EEXIST/],
    "is below a file": [() => join(file, "state"), /ENOTDIR/],
    "cannot be made": [() => "/proc/platform", /ENOENT|EACCES/],
    "has a name that is too long": [() => join(folder, "x".repeat(300)), /ENAMETOOLONG/],
  };
  for (const [how, [path, why]] of Object.entries(folders)) {
    it(`cannot be used when its folder ${how}, in one sentence`, async () => {
      writeFileSync(file, "x");
      await assert.rejects(new EndpointsFile(path()).prepare(), (error: Error) => {
        assert.equal(error.name, "UserError", error.stack);
        assert.match(error.message, why);
        assert.match(
          error.message,
          /^the folder \S+ cannot be used: .*; make it a folder that can be written, or choose another with --state$/,
        );
        return true;
      });
    });
  }
});
