// Loads a file of this folder as a bundle, because a bundle starts a second sooner than a hundred files that are compiled as
// they load. The bundle is made again each time (70 ms), so that it is never out of date, and stays in memory, so that a
// process that is killed leaves no file. Types are checked by `npm run types`.
const Module = require("node:module");
const { join } = require("node:path");

const cache = join(__dirname, "..", ".cache");
Module.enableCompileCache?.(join(cache, "compiled")); // Node 22 and newer keep compiled packages
require("./deferred.cjs");
// Otherwise esbuild's process runs as long as this one, instead of ending after the build.
process.env.ESBUILD_WORKER_THREADS = "0";
const { buildSync } = require("esbuild");

/** Returns what `<name>.ts` exports. */
exports.load = (name) => {
  const filename = join(cache, `${name}.cjs`);
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, `${name}.ts`)],
    outfile: filename,
    write: false,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    target: "node20",
    // So that a debugger stops at breakpoints in the sources; it costs the others time.
    sourcemap: require("node:inspector").url() === undefined ? false : "inline",
    logLevel: "error",
  });
  const loaded = new Module(filename);
  loaded.filename = filename;
  loaded.paths = Module._nodeModulePaths(__dirname);
  loaded._compile(outputFiles[0].text, filename);
  return loaded.exports;
};
