// Entry of every command. One bundle starts a second sooner than compiling a hundred files as they load; it is made
// anew each time (70 ms), so that it is never stale. Types are checked by `npm run types`.
const { join } = require("node:path");
const cache = join(__dirname, "..", ".cache");
require("node:module").enableCompileCache?.(join(cache, "compiled")); // Node 22 and newer keep compiled packages
require("./deferred.cjs");
process.env.ESBUILD_WORKER_THREADS = "0"; // its compiler ends when it has built, instead of living on beside us
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
  logLevel: "error",
});
const { main } = require(outfile);
require("node:fs").rmSync(outfile);
main(process.argv);
