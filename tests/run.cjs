// Every check, some processes at a time. `npm test`: types and lint, then what is tested within the process of the tests,
// in halves of about the same length: components and plans, and what is judged of stacks. `npm run test:local`: what is
// tested from outside, as a process: single servers, beside commands and other people's checkers, then requests through a whole
// platform, in thirds, which mostly wait. `npm run
// test:engine`: a process per suite of the real engine. `npm run test:provider`: a process per suite of the real AWS
// provider. Closes on the sum of the runner's counts.
const { spawn } = require("node:child_process");
const { readdirSync } = require("node:fs");
const { availableParallelism } = require("node:os");
const { browserPath, missing } = require("./helpers/browser.cjs");

const ignored = (files) => ["--ignore", files];
const mocha = (...args) => ["node_modules/mocha/bin/mocha.js", ...args];
/** Folders of tests, by what tests them; a folder that none names is one of components and plans. */
const judgements = "tests/{stacks,policy,conformance,docs}/**/*.spec.ts";
const commands = "tests/{cli,ci,peers}/**/*.spec.ts";
const servers = "tests/{apps,local,fidelity,verify}/**/*.spec.ts";
const endToEnd = "tests/e2e/**/*.spec.ts";
/** Every third file of the end-to-end tests, so that a new one needs no list. */
const endToEndThird = (third) =>
  readdirSync("tests/e2e", { recursive: true })
    .filter((file) => file.endsWith(".spec.ts"))
    .sort()
    .filter((_, i) => i % 3 === third)
    .map((file) => `tests/e2e/${file}`);

/**
 * Tests of those folders that take long: of a process, as the program under Pulumi's own runtime and a copy of the project
 * are, and of a thousand changes of prod's plan.
 */
const long = [
  "tests/graph/{engine,printable}.spec.ts",
  "tests/conformance/fifth-pattern.spec.ts",
  "tests/policy/{pack,program}.spec.ts",
];

/** Steps, one after the other, of processes: a name and Node's arguments. */
const checks = {
  tests: () => [
    [
      ["types", ["node_modules/tsc7/bin/tsc", "--noEmit"]],
      ["types of the web app", ["node_modules/tsc7/bin/tsc", "--noEmit", "-p", "apps/web"]],
      ["types of the console", ["node_modules/tsc7/bin/tsc", "--noEmit", "-p", "local/console/app"]],
      ["lint", ["node_modules/@biomejs/biome/bin/biome", "check"]],
    ],
    [
      [
        "components and plans",
        mocha("tests/**/*.spec.ts", ...[judgements, commands, servers, endToEnd, ...long].flatMap(ignored)),
      ],
      ["judgements", mocha(judgements, ...long.flatMap(ignored))],
    ],
  ],
  local: () => [
    [
      ["servers", mocha(servers)],
      ["commands", mocha(commands, ...long)],
      ...[0, 1, 2].map((third) => [`end to end, ${third + 1} of 3`, mocha(...endToEndThird(third))]),
    ],
  ],
  engine: () => [
    // Found, fetched or built once, before two suites want it.
    [["engine", ["-r", "ts-node/register/transpile-only", "tests/engine/cli/get.ts"]]],
    engineSuites().map((file) => [
      file.replace(".engine.ts", ""),
      mocha("--timeout", "900000", `tests/engine/${file}`),
    ]),
  ],
  provider: () => [
    // Found or built once, before two suites want it.
    [
      ["plugin", ["-r", "ts-node/register/transpile-only", "tests/provider/plugin/get.ts"]],
      ["emulator", ["-r", "ts-node/register/transpile-only", "tests/provider/emulator/moto.ts"]],
    ],
    ["plans", "read-back", "planted", "tenants"].map((name) => [
      name,
      mocha("--timeout", "1200000", `tests/provider/${name}.provider.ts`),
    ]),
  ],
};

/** The longest first, so that none is left alone at the end. */
function engineSuites() {
  const longest = ["readme", "split", "move", "changes", "failures"].map((name) => `${name}.engine.ts`);
  const files = readdirSync("tests/engine", { recursive: true }).filter((file) => file.endsWith(".engine.ts"));
  const place = (file) => (longest.includes(file) ? longest.indexOf(file) : longest.length);
  return files.sort((a, b) => place(a) - place(b) || a.localeCompare(b));
}

/** More than there are cores only slow each other down: three on two took a tenth longer. Those of requests mostly wait. */
const atATime = (name) => Math.max(2, availableParallelism()) + (name === "local" ? 1 : 0);
const running = new Set();
/** Set by a signal: what runs may end, nothing else starts. */
let stopped = false;

/** Runs a process; prints its output by line, with its name, or whole at its end; resolves to its exit code and output. */
function run([name, args], byLine) {
  return new Promise((resolve) => {
    const startedAt = Date.now();
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    let [output, printed] = ["", 0];
    const printLines = (end) => {
      const lines = output
        .slice(printed, end)
        .split("\n")
        .filter((line) => line.trim() !== "");
      for (const line of lines) process.stdout.write(`${name} | ${line}\n`);
      printed = end;
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        if (byLine) printLines(output.lastIndexOf("\n") + 1);
      });
    }
    child.on("close", (code) => {
      running.delete(child);
      if (byLine) printLines(output.length);
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
      process.stdout.write(`\n${name}: ${code === 0 ? "ok" : "failed"}, ${seconds} s\n${byLine ? "" : output}`);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** In their order. */
async function runAll(processes, count, byLine) {
  const waiting = [...processes];
  const results = [];
  const worker = async () => {
    for (let next = waiting.shift(); next && !stopped; next = waiting.shift()) results.push(await run(next, byLine));
  };
  await Promise.all(Array.from({ length: count }, worker));
  return results;
}

function sum(results, word) {
  const counts = results.map(({ output }) => Number(new RegExp(`^ +(\\d+) ${word}`, "m").exec(output)?.[1] ?? 0));
  return counts.reduce((total, count) => total + count, 0);
}

async function main(name = "tests") {
  const results = [];
  // Suites of minutes are printed as they run. Without an engine or a provider there is nothing to run; wrong types say
  // nothing about the tests.
  const long = name === "engine" || name === "provider";
  for (const step of checks[name]()) {
    results.push(...(await runAll(step, atATime(name), long)));
    if (stopped || (long && results.some(({ code }) => code !== 0))) break;
  }
  process.stdout.write(`\n${sum(results, "passing")} passed, ${sum(results, "failing")} failed\n`);
  if (!long && browserPath() === undefined) process.stdout.write(`${missing}\n`);
  if (stopped || results.some(({ code }) => code !== 0)) process.exitCode = 1;
}

// As Ctrl-C does to them in a terminal: they end what they started.
process.on("SIGTERM", () => {
  stopped = true;
  for (const child of running) child.kill("SIGINT");
});
process.on("SIGINT", () => {
  stopped = true;
});

const [name = "tests", ...rest] = process.argv.slice(2);
if (Object.hasOwn(checks, name) && rest.length === 0) {
  main(name);
} else {
  const names = Object.keys(checks).join(", ");
  console.error(
    `checks must be one of ${names}, got "${[name, ...rest].join(" ")}"; for one file run mocha with its path`,
  );
  process.exitCode = 2;
}
