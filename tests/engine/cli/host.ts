import { chmodSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

/**
 * Makes `pulumi-language-nodejs` of this project's own language host in a folder, in one file: the engine starts it
 * several times for every operation.
 */
export function writeLanguageHost(folder: string): void {
  const outfile = join(folder, "pulumi-language-nodejs");
  buildSync({
    entryPoints: [join(__dirname, "language-host.ts")],
    outfile,
    banner: { js: "#!/usr/bin/env node" },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    logLevel: "error",
  });
  chmodSync(outfile, 0o755);
}
