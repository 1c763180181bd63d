import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = join(__dirname, "../../../local/faults");
const name = "dynamodb.eu-west-1.localhost";
const programs = {
  "Node.js": [
    process.execPath,
    "--require",
    join(folder, "names.cjs"),
    "-e",
    `require("node:dns").lookup("${name}", (error, address) => console.log(error ? "not found" : address))`,
  ],
  Python: [
    "python3",
    "-c",
    `
import socket
try:
    print(socket.getaddrinfo("${name}", 80)[0][4][0])
except socket.gaierror:
    print("not found")
`,
  ],
};

describe("names of AWS on this machine", () => {
  const state = mkdtempSync(join(tmpdir(), "names-"));
  const file = join(state, "names.json");
  after(() => rmSync(state, { recursive: true, force: true }));

  for (const [language, [program, ...args]] of Object.entries(programs)) {
    it(`are found by ${language} until the file lists them as gone`, () => {
      const env = { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: "1", PLATFORM_NAMES: file };
      const lookUp = () => execFileSync(program!, args, { env, encoding: "utf8" }).trim();
      writeFileSync(file, JSON.stringify({ names: [], processes: [] }));
      assert.equal(lookUp(), "127.0.0.1");
      writeFileSync(file, JSON.stringify({ names: [name], processes: [] }));
      assert.equal(lookUp(), "not found");
    });
  }
});
