// Compiles the console's page: the folder of its sources, and the one to write to, are the arguments.
const { build } = require("vite");

const [, , root, outDir] = process.argv;

build({
  root,
  base: "/_platform/page/",
  configFile: false,
  envDir: false,
  publicDir: false,
  logLevel: "error",
  build: {
    outDir,
    emptyOutDir: false,
    target: "es2022",
    // A style or an icon inside of another file would need a weaker Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
}).then(
  // Vite's native parts would keep the process running.
  () => process.exit(0),
  (error) => {
    console.error(error.message);
    process.exit(1);
  },
);
