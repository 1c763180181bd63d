import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { parse } from "yaml";
import { serviceNames } from "../../apps/catalog";

const root = resolve(__dirname, "../..");
const policies = (environment: string) => `--policy-pack policy --policy-pack-config .cache/policy.${environment}.json`;

/** Runs scripts of .ci with stand-ins for the commands that need an account, a network or a daemon. */
class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), "ci-"));
  private readonly bin = join(this.folder, "bin");

  constructor() {
    mkdirSync(this.bin);
  }

  /** A command that notes its arguments, then does as told. */
  standIn(command: string, script: string): void {
    const noted = `echo "${command} $*" >> ${this.folder}/calls`;
    writeFileSync(join(this.bin, command), `#!/bin/sh\n${noted}\n${script}\n`, { mode: 0o755 });
  }

  run(script: string, args: readonly string[], env: Record<string, string> = {}) {
    return this.start(join(root, ".ci", script), args, env);
  }

  /** Runs a step of a workflow, as the runner does. */
  shell(script: string, env: Record<string, string>) {
    return this.start("bash", ["-e", "-c", script], env);
  }

  private start(command: string, args: readonly string[], env: Record<string, string>) {
    const PATH = [this.bin, process.env["PATH"]].join(delimiter);
    const settings = { cwd: this.folder, encoding: "utf8", env: { ...process.env, PATH, ...env } } as const;
    const { status, stdout, stderr } = spawnSync(command, args, settings);
    return { status, stdout, stderr };
  }

  calls(): string[] {
    const file = join(this.folder, "calls");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }
}

describe("scripts that workflows run", () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(() => bench.close());

  describe(".ci/up", () => {
    const edge = JSON.stringify({ edge: { "eu-west-1": { regionalUrl: "https://eu-west-1.api.example.com" } } });
    const up = (stack: string) =>
      `npx pulumi up --stack ${stack} --config-file Pulumi.prod.yaml --non-interactive --yes --diff ${policies("prod")}`;
    const output = (stack: string) => `npx pulumi stack output --stack ${stack} --json`;

    it("deploys stack by stack, and asks every service of a region before the next one", () => {
      bench.standIn("npx", `case "$*" in *output*edge*) echo '${edge}' ;; *output*) echo '{}' ;; esac`);
      bench.standIn("curl", "");
      const { status, stderr } = bench.run("up", ["prod"], { STACKS: "prod-data.eu-west-1 prod-edge.eu-west-1" });
      assert.deepEqual([status, stderr], [0, ""]);
      const calls = bench.calls().map((call) => call.replace(/ --fail .* https:/, " https:"));
      assert.deepEqual(calls, [
        up("prod-data.eu-west-1"),
        output("prod-data.eu-west-1"),
        up("prod-edge.eu-west-1"),
        output("prod-edge.eu-west-1"),
        ...serviceNames.map((service) => `curl https://eu-west-1.api.example.com/${service}/healthz`),
      ]);
    });

    it("stops at a stack that fails", () => {
      bench.standIn("npx", "exit 3");
      assert.equal(bench.run("up", ["prod"], { STACKS: "prod.eu-west-1 prod.eu-central-1" }).status, 3);
      assert.deepEqual(bench.calls(), [up("prod.eu-west-1")]);
    });

    it("stops at a region that does not answer", () => {
      bench.standIn("npx", `case "$*" in *output*) echo '${edge}' ;; esac`);
      bench.standIn("curl", "exit 22");
      assert.equal(bench.run("up", ["prod"], { STACKS: "prod.eu-west-1 prod.eu-central-1" }).status, 22);
      assert.equal(bench.calls().length, 3);
    });
  });

  describe(".ci/preview", () => {
    it("previews every stack, keeps what each reported, and fails when one of them does", () => {
      bench.standIn("npx", 'for last; do :; done; case "$*" in *central*) exit 1 ;; esac; echo "{}" > "$last"');
      const previews = join(bench.folder, "previews");
      const { status, stderr } = bench.run("preview", ["prod", previews], {
        STACKS: "prod.eu-central-1 prod.eu-west-1",
      });
      assert.deepEqual([status, stderr], [1, "The preview failed of: prod.eu-central-1\n"]);
      const preview = (stack: string) =>
        `npx pulumi preview --stack ${stack} --config-file Pulumi.prod.yaml --non-interactive --diff ${policies("prod")} --event-log ${previews}/${stack}.jsonl`;
      assert.deepEqual(bench.calls(), [preview("prod.eu-central-1"), preview("prod.eu-west-1")]);
      assert.equal(readFileSync(join(previews, "prod.eu-west-1.jsonl"), "utf8"), "{}\n");
      assert.equal(statSync(join(previews, "prod.eu-central-1.jsonl")).size, 0);
    });

    it("takes the environment as the stack where none is named", () => {
      bench.standIn("npx", "");
      assert.equal(bench.run("preview", ["dev", bench.folder]).status, 0);
      assert.match(bench.calls().join("\n"), /^npx pulumi preview --stack dev .*Pulumi\.dev\.yaml.*policy\.dev\.json/);
    });
  });

  describe("the job plan of preview.yml", () => {
    const { plan } = parse(readFileSync(join(root, ".github/workflows/preview.yml"), "utf8")).jobs;
    const [checkOut, ...others] = plan.steps;
    const script = others.at(-1).run;

    it("runs for every pull request, with nothing but the right to read the repository", () => {
      assert.deepEqual([plan.if, plan.permissions, plan.environment], [undefined, { contents: "read" }, undefined]);
      assert.doesNotMatch(JSON.stringify(plan), /vars\.|secrets\.|aws-actions/);
    });

    it("has the base next to the merge, and compares with it", () => {
      assert.equal(checkOut.with["fetch-depth"], 2);
      assert.deepEqual(plan.strategy.matrix.environment, ["dev", "prod"]);
      bench.standIn("npm", "echo '### dev compared'");
      const summary = join(bench.folder, "summary");
      writeFileSync(summary, "before\n");
      const { status, stdout } = bench.shell(script, { ENVIRONMENT: "dev", GITHUB_STEP_SUMMARY: summary });
      assert.deepEqual([status, stdout], [0, ""]);
      assert.deepEqual(bench.calls(), ["npm run --silent plan -- dev --diff HEAD^1 --markdown"]);
      assert.equal(readFileSync(summary, "utf8"), "before\n### dev compared\n");
    });

    it("fails with the plan, whose findings are in the summary", () => {
      bench.standIn("npm", "echo finding; exit 1");
      const summary = join(bench.folder, "summary");
      assert.equal(bench.shell(script, { ENVIRONMENT: "dev", GITHUB_STEP_SUMMARY: summary }).status, 1);
      assert.equal(readFileSync(summary, "utf8"), "finding\n");
    });
  });

  describe(".ci/images", () => {
    beforeEach(() => bench.standIn("docker", `exec "${process.execPath}" "${join(__dirname, "docker.cjs")}" "$@"`));

    it("builds, starts, asks and stops every service's image", () => {
      const { status, stdout, stderr } = bench.run("images", [], { DOCKER_STATE: bench.folder });
      assert.equal(status, 0, stderr);
      for (const service of serviceNames) assert.match(stdout, new RegExp(`^${service}: healthy$`, "m"));
      const called = (command: string) => bench.calls().filter((call) => call.startsWith(`docker ${command} `)).length;
      assert.deepEqual(["build", "run", "exec", "stop", "rm"].map(called), Array(5).fill(serviceNames.length));
    }).timeout(60_000);

    it("fails, with the server's log, when an image does not answer, and removes its container", () => {
      bench.standIn("curl", "exit 7");
      bench.standIn("sleep", "");
      const { status, stderr } = bench.run("images", [], { DOCKER_STATE: bench.folder });
      assert.equal(status, 1);
      assert.match(stderr, new RegExp(`^${serviceNames[0]}: did not answer /healthz in 50 tries$`, "m"));
      const called = (command: string) => bench.calls().filter((call) => call.startsWith(command)).length;
      assert.deepEqual(["curl", "docker logs", "docker rm --force"].map(called), [50, 1, 1]);
    }).timeout(60_000);
  });
});
