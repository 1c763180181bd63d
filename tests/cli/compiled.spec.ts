import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";

describe("what is kept of compiled modules", () => {
  const folder = mkdtempSync(join(tmpdir(), "compiled-"));
  const kept = join(folder, "compiled.bin");
  after(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

  /** Runs the entry in a process of its own; returns what it prints. */
  function run(): string {
    const load = `require(${JSON.stringify(join(projectRoot, "cli/compiled.cjs"))}).keepCompiled(${JSON.stringify(kept)}); require("./entry.js");`;
    return execFileSync(process.execPath, ["-e", load], { cwd: folder, encoding: "utf8" });
  }

  before(() => {
    write("answer.js", "exports.answer = () => 41;");
    write("importing.js", "exports.word = import('./module.mjs').then(({ word }) => word);");
    write("module.mjs", "export const word = 'module';");
    write(
      "entry.js",
      [
        'const { answer } = require("./answer.js");',
        'const { word } = require("./importing.js");',
        "const found = require.resolve('./answer.js') === __dirname + '/answer.js';",
        "word.then((text) =>",
        "  console.log(answer(), text, found, Object.keys(require.cache).length, module.children.length));",
      ].join("\n"),
    );
  });

  it("is written once, and runs modules as Node does", () => {
    const first = run();
    assert.equal(first, "41 module true 3 2\n");
    const { ino } = statSync(kept);
    assert.equal(run(), first);
    assert.equal(statSync(kept).ino, ino, "nothing was missing");
  });

  it("is not taken for a module of another text, were it of the same length", () => {
    write("answer.js", "exports.answer = () => 42;");
    assert.match(run(), /^42 /);
    assert.match(run(), /^42 /);
  });

  it("is made again when the file is damaged", () => {
    writeFileSync(kept, "damaged");
    assert.match(run(), /^42 /);
    assert.ok(statSync(kept).size > 100);
  });

  it("is nothing of a module that Node refuses, with Node's own words", () => {
    rmSync(kept);
    write("answer.js", "exports.answer = () => ;");
    assert.throws(run, /answer\.js:1[\s\S]*SyntaxError: Unexpected token/);
    assert.ok(!existsSync(kept) || statSync(kept).size > 0);
  });
});
