// Entry of every command. It bundles the command line, because a bundle starts a second sooner than a hundred files that
// are compiled as they load. The bundle is made again each time (70 ms), so that it is never out of date.
// Types are checked by `npm run types`.
const { join } = require("node:path");
const cache = join(__dirname, "..", ".cache");
require("node:module").enableCompileCache?.(join(cache, "compiled")); // Node 22 and newer keep compiled packages
require("./deferred.cjs");
// Otherwise esbuild's process runs as long as this one, instead of ending after the build.
process.env.ESBUILD_WORKER_THREADS = "0";
const { buildSync } = require("esbuild");

const outfile = join(cache, `platform-${process.pid}.cjs`);
buildSync({
  entryPoints: [join(__dirname, "main.ts")],
  outfile,
  bundle: true,
  packages: "external",
  platform: "node",
  format: "cjs",
  target: "node20",
  // So that a debugger stops at breakpoints in the sources; it costs the others time.
  sourcemap: require("node:inspector").url() === undefined ? false : "inline",
  logLevel: "error",
});
const { main } = require(outfile);
require("node:fs").rmSync(outfile);
main(process.argv);
