import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { planRevision } from "../../../cli/plan/revision";
import { projectRoot } from "../../../graph/project-root";
import { commitAll, copyCheckout } from "../../helpers/checkout";

/** A program whose plan says which files it was planned with. */
const planner = `const { readFileSync, realpathSync } = require("node:fs");
const file = (name) => readFileSync(require("node:path").join(__dirname, "..", name), "utf8");
console.log(JSON.stringify([process.argv.slice(2), file("word"), realpathSync(__dirname + "/../node_modules")]));
`;
/** A program whose plan never ends. It says which process plans. */
const endless = `require("node:fs").writeFileSync(process.env.STARTED, String(process.pid)); setInterval(() => {}, 1000);`;
/** A git whose checkout never ends, and writes files all the time. */
const endlessGit = `#!${process.execPath}
const { mkdirSync, writeFileSync } = require("node:fs");
const args = process.argv.slice(2);
const prefix = args.find((arg) => arg.startsWith("--prefix="))?.slice("--prefix=".length);
if (prefix === undefined) process.exit(require("node:child_process").spawnSync(process.env.GIT, args, { stdio: "inherit" }).status);
for (let i = 0; ; i++) {
  mkdirSync(prefix + "folder", { recursive: true });
  writeFileSync(prefix + "folder/" + (i % 50), "text");
  if (i === 100) writeFileSync(process.env.STARTED, String(process.pid));
}
`;

describe("the plan of a revision", function () {
  this.timeout(60_000);
  let folder: string;
  let root: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "revision-"));
    root = join(folder, "repository", "project");
    write("word", "first");
    write("package-lock.json", "{}");
    write("cli/platform.cjs", planner);
    mkdirSync(join(root, "node_modules"));
    mkdirSync(join(folder, "tmp"));
  });
  /** Processes that a test has started. A test that fails leaves them behind. */
  let processes: number[] = [];
  afterEach(() => {
    for (const pid of processes) if (isAlive(pid)) process.kill(pid, "SIGKILL");
    processes = [];
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** Folders that the plan of a revision works in; ts-node keeps others next to them. */
  const workplaces = () => readdirSync(join(folder, "tmp")).filter((name) => name.startsWith("platform-plan-"));

  function write(file: string, text: string): void {
    mkdirSync(join(root, file, ".."), { recursive: true });
    writeFileSync(join(root, file), text);
  }

  /** Runs `planRevision` in a process of its own, whose temporary folder is `folder/tmp`. */
  function start(revision: string, env: Readonly<Record<string, string>> = {}) {
    const module = JSON.stringify(join(projectRoot, "cli/plan/revision"));
    const program = `require(${module}).planRevision(${JSON.stringify(root)}, "dev", ${JSON.stringify(revision)})
      .then(({ document }) => process.stdout.write(document), (error) => { console.error(error.message); process.exit(1); })`;
    const child = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", "-e", program], {
      cwd: projectRoot,
      env: { ...process.env, TMPDIR: join(folder, "tmp"), STARTED: join(folder, "started"), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    processes.push(child.pid!);
    return { child, ended: ended(child) };
  }

  it("is made of its files, below the top of the repository, with the packages that are installed here", async () => {
    const first = commitAll(root);
    write("word", "second");
    commitAll(root);
    write("word", "not committed");
    const { from, document, otherPackages } = await planRevision(root, "dev", "HEAD~1");
    assert.deepEqual(JSON.parse(document), [["plan", "dev", "--json"], "first", join(root, "node_modules")]);
    assert.equal(from, `revision HEAD~1 (${first.slice(0, 12)})`);
    assert.equal(otherPackages, false);
    assert.equal(JSON.parse((await planRevision(root, "dev", "HEAD")).document)[1], "second");
    assert.equal(readFileSync(join(root, "word"), "utf8"), "not committed");
  });

  it("says when the revision asks for other packages", async () => {
    commitAll(root);
    write("package-lock.json", '{"packages":{}}');
    assert.equal((await planRevision(root, "dev", "HEAD")).otherPackages, true);
  });

  it("finds the project in a folder of the repository", async () => {
    rmSync(join(root, "word"));
    write("word", "below");
    commitAll(join(root, ".."));
    assert.equal(JSON.parse((await planRevision(root, "dev", "HEAD")).document)[1], "below");
  });

  it("leaves no folder behind, nor a change in the repository's index", async () => {
    commitAll(root);
    const index = readFileSync(join(root, ".git", "index"));
    const { ended } = start("HEAD");
    assert.equal((await ended).code, 0);
    assert.deepEqual(workplaces(), []);
    assert.deepEqual(readFileSync(join(root, ".git", "index")), index);
    assert.ok(!existsSync(join(root, ".git", "worktrees")));
  });

  const refusals: Record<string, RegExp> = {
    nowhere: /^--diff must name a file, or a revision that git knows here, got "nowhere"; see `git log`, or fetch it$/,
    "--upload-pack=x": /^--diff must name a file, or a revision that git knows here, got "--upload-pack=x"; /,
    "HEAD:word": /^--diff must name a file, or a revision that git knows here, got "HEAD:word"; /,
  };
  for (const [revision, sentence] of Object.entries(refusals)) {
    it(`refuses ${revision} in one sentence`, async () => {
      commitAll(root);
      await assert.rejects(planRevision(root, "dev", revision), { name: "UserError", message: sentence });
    });
  }

  it("says that a folder without repository has no revisions", async () => {
    await assert.rejects(planRevision(root, "dev", "HEAD"), /^UserError: --diff must name a file, or a revision /);
  });

  it("says that git is missing", async () => {
    const { ended } = start("HEAD", { PATH: join(folder, "tmp") });
    const { code, stderr } = await ended;
    assert.deepEqual([code, stderr], [1, "--diff of a revision needs git, which is not installed; install it\n"]);
  });

  it("says that a revision from before the plan cannot be planned", async () => {
    rmSync(join(root, "cli"), { recursive: true });
    commitAll(root);
    await assert.rejects(
      planRevision(root, "dev", "HEAD"),
      /^UserError: revision HEAD \(\w{12}\) has no cli\/platform\.cjs, so that it cannot be planned; name a later/,
    );
  });

  it("passes on why the plan of the revision fails, and takes one with a mandatory finding", async () => {
    write("cli/platform.cjs", 'console.error("Pulumi.dev.yaml has 1 problem"); process.exitCode = 1;');
    commitAll(root);
    await assert.rejects(
      planRevision(root, "dev", "HEAD"),
      /^UserError: the plan of dev at revision HEAD \(\w{12}\) failed: Pulumi\.dev\.yaml has 1 problem; name another/,
    );
    write("cli/platform.cjs", 'console.log("{}"); process.exitCode = 1;');
    commitAll(root);
    assert.equal((await planRevision(root, "dev", "HEAD")).document, "{}\n");
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`leaves neither folder nor process behind when ${signal} interrupts the plan`, async () => {
      write("cli/platform.cjs", endless);
      commitAll(root);
      await interrupted(start("HEAD"), signal);
    });
  }

  it("leaves neither folder nor process behind when git is interrupted", async () => {
    commitAll(root);
    const bin = join(folder, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "git"), endlessGit, { mode: 0o755 });
    const path = process.env["PATH"]!;
    const GIT = path.split(delimiter).flatMap((each) => (existsSync(join(each, "git")) ? [join(each, "git")] : []))[0]!;
    await interrupted(start("HEAD", { PATH: [bin, path].join(delimiter), GIT }), "SIGTERM");
  });

  /** Interrupts a plan once the process that it starts is under way, and looks for what is left. */
  async function interrupted({ child, ended }: ReturnType<typeof start>, signal: NodeJS.Signals): Promise<void> {
    const started = join(folder, "started");
    const deadline = Date.now() + 30_000;
    while (!existsSync(started) || readFileSync(started, "utf8") === "") {
      assert.ok(Date.now() < deadline && child.exitCode === null, "it did not start");
      await delay(20);
    }
    const pid = Number(readFileSync(started, "utf8"));
    processes.push(pid);
    assert.equal(workplaces().length, 1);
    child.kill(signal);
    const { code, signal: by } = await ended;
    assert.deepEqual([code, by], [null, signal]);
    while (isAlive(pid)) {
      assert.ok(Date.now() < deadline, "the process that it started runs on");
      await delay(20);
    }
    assert.deepEqual(workplaces(), []);
  }
});

describe("npm run plan -- dev --diff REV", function () {
  this.timeout(120_000);
  let root: string;
  before(() => {
    root = join(mkdtempSync(join(tmpdir(), "checkout-")), "project");
    copyCheckout(root, [".gitignore"]);
    commitAll(root);
  });
  after(() => rmSync(join(root, ".."), { recursive: true, force: true }));

  const run = (...args: string[]) =>
    ended(
      spawn(process.execPath, [join(root, "cli/platform.cjs"), "plan", "dev", "--diff", ...args], {
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );

  it("prints what differs from the program at a revision, in source and in configuration", async () => {
    const file = join(root, "Pulumi.dev.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("pattern: lambda", "pattern: ecs"));
    const text = await run("HEAD");
    assert.deepEqual([text.code, text.stderr], [0, ""]);
    assert.match(
      text.stdout,
      /^dev, compared with revision HEAD \(\w{12}\): 3 replaced, \d+ deleted, \d+ updated, \d+ created, /,
    );
    assert.match(text.stdout, /\n\npet-store, compute\n[\s\S]*pet-store-service \(Service\)/);
    assert.match(text.stdout, /\n\npolicy: \d+ rules, 0 mandatory/);
    const markdown = await run("HEAD", "--markdown");
    assert.match(markdown.stdout, /^### <code>dev<\/code> compared with <code>revision HEAD /);
    assert.match(markdown.stdout, /\n\n<pre>policy: \d+ rules, 0 mandatory[^<]*<\/pre>\n$/);
  });
});

function ended(child: ChildProcess) {
  return new Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>(
    (resolve, reject) => {
      let [stdout, stderr] = ["", ""];
      child.stdout!.on("data", (chunk) => {
        stdout += chunk;
      });
      child.stderr!.on("data", (chunk) => {
        stderr += chunk;
      });
      child.on("error", reject);
      child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
    },
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
