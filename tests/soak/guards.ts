import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { copyCheckout } from "../helpers/checkout";
import { threats } from "./guards/index";
import type { Edit, Threat, ThreatTest } from "./guards/threat";
import type { Soak } from "./run";

/** What the changed copy of the project needs beside what its commands need. */
const more = ["tests", "account", "docs", ".mocharc.json", "Pulumi.prod.yaml"];
/** A test that waits for an end that a removed guard would have made. */
const testMilliseconds = 60_000;

/** Takes each guard of docs/threats.md away in a copy of the project, and sees its test fail. */
export const guards: Soak = {
  name: "guards",
  what: "takes each guard of docs/threats.md away in a copy of the project; its test must fail",
  async run({ say }) {
    const all = Object.values(threats).flat();
    const waiting = [...new Set(all.map(({ test }) => test.spec))];
    const lane = async () => {
      const folder = mkdtempSync(join(tmpdir(), "guards-"));
      const problems: string[] = [];
      try {
        copyCheckout(folder, more);
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          problems.push(
            ...(await removeEach(
              folder,
              next,
              all.filter(({ test }) => test.spec === next),
              say,
            )),
          );
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
      return problems;
    };
    return (await Promise.all(Array.from({ length: availableParallelism() }, lane))).flat();
  },
};

/** Takes the guards away that the tests of one spec are for. */
async function removeEach(
  folder: string,
  spec: string,
  own: readonly Threat[],
  say: (line: string) => void,
): Promise<string[]> {
  const problems: string[] = [];
  const { passed, failed: wrong } = await runTest(folder, { spec, title: "" });
  problems.push(...wrong.map((title) => `${spec} > ${title} must pass before a guard is removed`));
  for (const { input, test, removals } of own) {
    const name = `${spec} > ${test.title}`;
    if (!passed.some((title) => title.includes(test.title))) problems.push(`${name} is no test`);
    for (const [i, edits] of removals.entries()) {
      const failed = await failedWithout(folder, edits, test);
      const seen = failed.some((title) => title.includes(test.title) && !title.startsWith('"before'));
      say(`${seen ? "fails" : "DOES NOT FAIL"}  ${input}, without guard ${i + 1}: ${name}`);
      if (!seen)
        problems.push(`${input}: without guard ${i + 1}, ${name} must fail; got ${failed.join(", ") || "none"}`);
    }
  }
  return problems;
}

/** Returns the titles of the tests that fail with these changes. */
async function failedWithout(folder: string, edits: readonly Edit[], test: ThreatTest): Promise<readonly string[]> {
  const before = new Map<string, string>();
  try {
    for (const { file, text, by } of edits) {
      const path = join(folder, file);
      const source = readFileSync(path, "utf8");
      if (!before.has(path)) before.set(path, source);
      if (source.split(text).length !== 2) throw new Error(`${file} must have ${JSON.stringify(text)} once`);
      writeFileSync(
        path,
        source.replace(text, () => by),
      );
    }
    return (await runTest(folder, test)).failed;
  } finally {
    for (const [path, source] of before) writeFileSync(path, source);
  }
}

interface Result {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}

/** Runs a test in the folder. @throws {Error} when the spec does not load, as a change that is no program does */
async function runTest(folder: string, { spec, title }: ThreatTest): Promise<Result> {
  const mocha = join(folder, "node_modules/mocha/bin/mocha.js");
  const output = join(folder, "result.json");
  rmSync(output, { force: true });
  const reporter = ["--reporter", "json", "--reporter-option", `output=${output}`, "--exit"];
  const args = [
    mocha,
    spec,
    ...(title === "" ? [] : ["--fgrep", title]),
    "--timeout",
    String(testMilliseconds),
    ...reporter,
  ];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  await new Promise((resolve) => child.once("close", resolve));
  try {
    const { passes, failures } = JSON.parse(readFileSync(output, "utf8"));
    const titles = (all: readonly { readonly title: string }[]) => all.map(({ title: each }) => each);
    return { passed: titles(passes), failed: titles(failures) };
  } catch (error) {
    throw new Error(`${spec} did not run: ${errors.slice(0, 500)}`, { cause: error });
  }
}
