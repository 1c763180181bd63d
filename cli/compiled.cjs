// Keeps what V8 has compiled of packages and bundles, as Node 22 and newer do by themselves for packages. Without it, a
// tenth of a plan's time is compiling the same text again.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { dirname } = require("node:path");
const vm = require("node:vm");

/**
 * From now on, each module of CommonJS is compiled from what the file has of it. At the end of the process the file is
 * written again when it lacked something.
 * @param file  what earlier processes have compiled; made when it is missing
 */
exports.keepCompiled = (file) => {
  const known = read(file);
  const missing = new Map();
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (text, filename, format) {
    const script = format === "module" ? undefined : scriptOf(text, filename, known, missing);
    return script ? evaluate(this, script, filename) : compile.call(this, text, filename, format);
  };
  process.on("exit", () => missing.size > 0 && write(file, known, missing));
};

/** Returns a compiled module; nothing when Node has to compile it, such as a module of ECMAScript. */
function scriptOf(text, filename, known, missing) {
  // V8 forgets who loads what such a module imports while it runs. In most of these texts it is a comment.
  if (/\bimport\s*\(/.test(text)) return undefined;
  // V8 compares no more than the length of the text.
  const digest = createHash("sha1").update(text).digest("hex");
  const kept = known.get(filename);
  const cachedData = kept?.digest === digest ? kept.data : undefined;
  try {
    const script = new vm.Script(Module.wrap(text), {
      filename,
      cachedData,
    });
    if (cachedData === undefined || script.cachedDataRejected) missing.set(filename, { digest, script });
    return script;
  } catch {
    return undefined;
  }
}

/** Runs a module as Node does. */
function evaluate(module, script, filename) {
  const require = (id) => module.require(id);
  require.resolve = (id, options) => Module._resolveFilename(id, module, false, options);
  require.resolve.paths = (id) => Module._resolveLookupPaths(id, module);
  Object.assign(require, { main: process.mainModule, extensions: Module._extensions, cache: Module._cache });
  const { exports } = module;
  return script.runInThisContext().call(exports, exports, require, module, filename, dirname(filename));
}

/** Returns what a file has, by the name of the module; nothing when it was written by another version of Node. */
function read(file) {
  const modules = new Map();
  try {
    const bytes = readFileSync(file);
    const start = 4 + bytes.readUInt32LE(0);
    const { node, entries } = JSON.parse(bytes.toString("utf8", 4, start));
    let at = start;
    for (const [filename, digest, length] of node === process.version ? entries : []) {
      modules.set(filename, { digest, data: bytes.subarray(at, at + length) });
      at += length;
    }
  } catch {
    // There is none yet.
  }
  return modules;
}

function write(file, known, missing) {
  try {
    const modules = new Map(known);
    // Compiled at the end of the process, so that the functions that it has called are in it.
    for (const [filename, { digest, script }] of missing) {
      modules.set(filename, { digest, data: script.createCachedData() });
    }
    const entries = [...modules].map(([filename, { digest, data }]) => [filename, digest, data.length]);
    const header = Buffer.from(JSON.stringify({ node: process.version, entries }));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(header.length);
    mkdirSync(dirname(file), { recursive: true });
    const temporary = `${file}.${process.pid}`;
    writeFileSync(temporary, Buffer.concat([length, header, ...[...modules.values()].map(({ data }) => data)]));
    renameSync(temporary, file);
  } catch {
    // On a full disk all is compiled each time.
  }
}
