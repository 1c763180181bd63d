import { join } from "node:path";
import type { Files } from "./store";

/** The folder of the web app, from the project's root. */
export const webFolder = "apps/web";

/**
 * Compiles the web app into the files that browsers load: `index.html`, and the rest below `assets/` with a hash of its
 * contents in its name. Nothing in them depends on the environment: `/config.json` of a deployment has that.
 * @param root  folder that contains apps/
 * @returns the files by path
 * @throws {Error} when it does not compile
 */
export async function compileWeb(root: string): Promise<Files> {
  // Loaded only here: usually nothing has to be compiled.
  const { build } = await import("vite");
  const result = await build({
    root: join(root, webFolder),
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: "silent",
    build: {
      write: false,
      target: "es2022",
      // A style or an icon inside of another file would need a weaker Content-Security-Policy.
      assetsInlineLimit: 0,
      // A script of its own in the page, for browsers that are older than those that can read the rest.
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  });
  const [bundle] = [result].flat();
  if (bundle === undefined || !("output" in bundle)) throw new Error("the web app was watched and not built");
  return Object.fromEntries(
    bundle.output.map((file) => [file.fileName, file.type === "chunk" ? file.code : file.source]),
  );
}
