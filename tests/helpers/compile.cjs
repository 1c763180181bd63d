// Compiles TypeScript as it is loaded, with the compiler of the commands, and keeps what it made: compiling the
// same sources again, once in each process, took fifteen seconds. Types are checked by `npm run types`.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");

const cache = join(__dirname, "..", "..", ".cache", "tests");
mkdirSync(cache, { recursive: true });
process.setSourceMapsEnabled(true);
// Otherwise esbuild's process runs as long as this one.
process.env.ESBUILD_WORKER_THREADS = "0";

Module._extensions[".ts"] = (module, filename) => {
  const source = readFileSync(filename, "utf8");
  const file = join(cache, hashOf(filename));
  const state = hashOf(version, source);
  module._compile(kept(file, state) ?? compile(filename, source, file, state), filename);
};

const { version } = require("esbuild/package.json");

function hashOf(...texts) {
  return createHash("sha1").update(texts.join("\n")).digest("hex");
}

/** Returns what a file has, if it was made from this state of a source. */
function kept(file, state) {
  try {
    const text = readFileSync(file, "utf8");
    return text.startsWith(state) ? text.slice(state.length) : undefined;
  } catch {
    return undefined;
  }
}

function compile(filename, source, file, state) {
  const { code } = require("esbuild").transformSync(source, {
    sourcefile: filename,
    loader: "ts",
    format: "cjs",
    platform: "node",
    target: "es2022",
    sourcemap: "inline",
    tsconfigRaw,
  });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, state + code);
  renameSync(temporary, file);
  return code;
}

/** What of tsconfig.json changes the code. */
const tsconfigRaw = { compilerOptions: { target: "es2022", useDefineForClassFields: true } };
