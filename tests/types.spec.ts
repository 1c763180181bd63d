import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../graph/project-root";

/** What a developer would write first for a new kind of backend and a new ingress. */
const additions: [file: string, before: string, after: string][] = [
  [
    "infra/contract/backend.ts",
    "DiscoveryBackend | FunctionBackend | UrlBackend | QueueBackend;",
    'DiscoveryBackend | FunctionBackend | UrlBackend | QueueBackend | { readonly kind: "bus"; readonly busArn: Input<string> };',
  ],
  ["infra/compute/pattern.ts", '["cloudmap", "alb"] as const', '["cloudmap", "alb", "mesh"] as const'],
];

/** A copy of the program below the project, where packages are found, that the additions are made to. */
const copy = join(projectRoot, ".cache", `types-${process.pid}`);

interface Problem {
  /** `infra/gateway/admit.ts` */
  readonly file: string;
  readonly line: number;
  readonly code: string;
}

/** Compiles the copy and the files of tests/types once, with the compiler of `npm run types`. */
function compile(): Promise<Problem[]> {
  const compiler = join(projectRoot, "node_modules", "tsc7", "bin", "tsc");
  return new Promise((resolve) => {
    execFile(process.execPath, [compiler, "--pretty", "false", "-p", "."], { cwd: copy }, (_, stdout) => {
      const found = [...stdout.matchAll(/^(\S+?)\((\d+),\d+\): error (TS\d+)/gm)];
      resolve(found.map(([, file, line, code]) => ({ file: file!, line: Number(line), code: code! })));
    });
  });
}

/** The errors that comments in a file announce. */
function announced(file: string): Problem[] {
  return readFileSync(join(copy, file), "utf8")
    .split("\n")
    .flatMap((text, index) => {
      const code = /\/\/ error (TS\d+)$/.exec(text)?.[1];
      return code ? [{ file, line: index + 1, code }] : [];
    });
}

describe("the type check", () => {
  let problems: Problem[];
  const mistakes = readdirSync(join(projectRoot, "tests", "types")).map((name) => `tests/types/${name}`);
  before(async function () {
    this.timeout(30_000);
    for (const folder of ["apps", "infra", "stacks", "tests/types"]) {
      cpSync(join(projectRoot, folder), join(copy, folder), { recursive: true });
    }
    for (const [file, old, addition] of additions) {
      const text = readFileSync(join(copy, file), "utf8");
      assert.equal(text.split(old).length, 2, `${file} has no single ${old}`);
      writeFileSync(join(copy, file), text.replace(old, addition));
    }
    mkdirSync(join(copy, "tests"), { recursive: true });
    const config = {
      extends: "../../tsconfig.json",
      compilerOptions: { rootDir: "." },
      include: ["infra", "stacks", "tests"],
      exclude: [],
    };
    writeFileSync(join(copy, "tsconfig.json"), JSON.stringify(config));
    problems = await compile();
  });
  after(() => rmSync(copy, { recursive: true, force: true }));

  it("finds every place that a new kind of backend or ingress must be taught to", () => {
    const found = problems.filter(({ file }) => !mistakes.includes(file)).map(({ file, code }) => `${file} ${code}`);
    assert.deepEqual([...new Set(found)].sort(), [
      "infra/compute/ecs/pattern.ts TS2345",
      "infra/compute/ecs/pattern.ts TS2741",
      "infra/compute/ecs/pattern.ts TS7053",
      "infra/compute/inbox.ts TS2322",
      // Queues of dead letters, which every kind names.
      "infra/compute/inbox.ts TS2344",
      "infra/compute/inbox.ts TS2741",
      "infra/compute/schedules.ts TS2322",
      "infra/gateway/admit.ts TS2345",
      "infra/gateway/http/integration.ts TS2345",
      "infra/gateway/rest/integration.ts TS2345",
      "infra/gateway/work-queues.ts TS2339",
      // Fields of backends that cross stacks.
      "stacks/backend-fields.ts TS2741",
      "stacks/compute-layer.ts TS2322",
      "stacks/live-changes.ts TS2339",
      "stacks/private-gateway.ts TS2339",
      "stacks/references.ts TS7053",
    ]);
  });

  for (const file of mistakes) {
    it(`refuses each mistake of ${file}, and nothing beside`, () => {
      const expected = announced(file);
      assert.ok(expected.length > 3);
      assert.deepEqual(
        problems.filter((problem) => problem.file === file),
        expected,
      );
    });
  }
});
