// Compiles the pack to JavaScript in the folder index/, for `npm pack`. package.json names `index` as its main module: in
// the repository that is index.ts, and in the packed file, which has no TypeScript, the folder. The licence comes along. `--clean` removes both.
const { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");

const target = join(__dirname, "index");
const licence = join(__dirname, "..", "LICENSE");
rmSync(target, { recursive: true, force: true });
rmSync(join(__dirname, "LICENSE"), { force: true });
if (!process.argv.includes("--clean")) build();

function build() {
  if (existsSync(licence)) copyFileSync(licence, join(__dirname, "LICENSE"));
  const ts = require("typescript");
  const { CommonJS } = ts.ModuleKind;
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: CommonJS, esModuleInterop: true };
  const sources = readdirSync(__dirname, { recursive: true }).filter(
    (path) => path.endsWith(".ts") && !path.includes("node_modules"),
  );
  for (const path of sources) {
    const text = readFileSync(join(__dirname, path), "utf8");
    const { outputText } = ts.transpileModule(text, { fileName: path, compilerOptions });
    const file = join(target, path.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, outputText, { mode: path === join("check", "main.ts") ? 0o755 : 0o644 });
  }
}
