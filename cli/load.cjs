// Loads a file as a bundle, because a bundle starts a second sooner than a hundred files that are compiled as
// they load. The bundle is kept with the state of every file that it was made from, and made again when one of them has
// changed, so that it is never out of date. Types are checked by `npm run types`.
const { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");
const v8 = require("node:v8");

const root = join(__dirname, "..");
const cache = join(root, ".cache");
Module.enableCompileCache?.(join(cache, "compiled")); // Node 22 and newer keep compiled packages
require("./deferred.cjs");
// So that a debugger stops at breakpoints in the sources; it costs the others time.
const debugged = require("node:inspector").url() !== undefined;
exports.debugged = debugged;

/**
 * Has V8 optimise only what runs very often. A command ends before it wins back what optimising took, which was a quarter
 * of a plan's processor time; large plans and servers do win it back.
 */
exports.optimiseLess = () => v8.setFlagsFromString("--interrupt-budget=1000000");

/** Returns what `<name>.ts` of a folder exports. */
exports.load = (name, folder = "cli") => {
  const filename = join(cache, `${name}.cjs`);
  const loaded = new Module(filename);
  loaded.filename = filename;
  loaded.paths = Module._nodeModulePaths(__dirname);
  loaded._compile(kept(name) ?? build(name, folder, filename), filename);
  return loaded.exports;
};

/** Returns the kept bundle; nothing when there is none, or when it was made from files that have changed. */
function kept(name) {
  if (debugged) return undefined;
  try {
    const { text, inputs } = JSON.parse(readFileSync(join(cache, `${name}.json`), "utf8"));
    return Object.entries(inputs).every(([path, state]) => stateOf(path) === state) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Returns what changes when a file is written: its size, and when its inode changed. */
function stateOf(path) {
  const { size, ctimeMs } = statSync(join(root, path));
  return `${size} ${ctimeMs}`;
}

/** Packages of many small files, most of which nothing uses; the bundle has the rest of them. */
const bundled = ["commander", "tldts", "yaml", "zod"];

function build(name, folder, filename) {
  // Otherwise esbuild's process runs as long as this one, instead of ending after the build.
  process.env.ESBUILD_WORKER_THREADS = "0";
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const { outputFiles, metafile } = require("esbuild").buildSync({
    absWorkingDir: root,
    entryPoints: [`${folder}/${name}.ts`],
    outfile: filename,
    write: false,
    metafile: true,
    bundle: true,
    external: Object.keys(dependencies).filter((name) => !bundled.includes(name)),
    platform: "node",
    format: "cjs",
    target: "node20",
    sourcemap: debugged ? "inline" : false,
    logLevel: "error",
  });
  const { text } = outputFiles[0];
  if (!debugged) keep(name, text, Object.keys(metafile.inputs));
  return text;
}

function keep(name, text, inputs) {
  try {
    mkdirSync(cache, { recursive: true });
    // Left by a process that was killed while it wrote.
    for (const file of readdirSync(cache)) if (/^\w+\.\d+$/.test(file)) rmSync(join(cache, file), { force: true });
    const states = [...inputs, "cli/load.cjs", "package-lock.json"].map((path) => [path, stateOf(path)]);
    const temporary = join(cache, `${name}.${process.pid}`);
    writeFileSync(temporary, JSON.stringify({ inputs: Object.fromEntries(states), text }));
    renameSync(temporary, join(cache, `${name}.json`));
  } catch {
    // On a full disk the bundle is made again each time.
  }
}
