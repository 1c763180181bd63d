// Every check: types and lint, then the tests in two processes, those of servers, which mostly wait, beside those of
// programs and plans, which mostly compute. Prints each output whole and closes on the sum of the runner's counts.
const { spawn } = require("node:child_process");

const servers = "tests/{apps,local,e2e}/**/*.spec.ts";
const checks = [
  ["types", ["node_modules/tsc7/bin/tsc", "--noEmit"]],
  ["lint", ["node_modules/@biomejs/biome/bin/biome", "check"]],
];
const tests = [
  ["programs and plans", ["node_modules/mocha/bin/mocha.js", "tests/**/*.spec.ts", "--ignore", servers]],
  ["servers", ["node_modules/mocha/bin/mocha.js", servers]],
];

/** Runs a step; resolves to its exit code and output, which it prints at its end. */
function run([name, args]) {
  return new Promise((resolve) => {
    const startedAt = Date.now();
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    child.on("close", (code) => {
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
      process.stdout.write(`\n${name}: ${code === 0 ? "ok" : "failed"}, ${seconds} s\n${output}`);
      resolve({ code: code ?? 1, output });
    });
  });
}

function sum(results, word) {
  const counts = results.map(({ output }) => Number(new RegExp(`^ +(\\d+) ${word}`, "m").exec(output)?.[1] ?? 0));
  return counts.reduce((total, count) => total + count, 0);
}

async function main() {
  const checked = await Promise.all(checks.map(run));
  const tested = await Promise.all(tests.map(run));
  process.stdout.write(`\n${sum(tested, "passing")} passed, ${sum(tested, "failing")} failed\n`);
  if ([...checked, ...tested].some(({ code }) => code !== 0)) process.exitCode = 1;
}

main();
