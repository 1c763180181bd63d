import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parse } from "yaml";
import { config } from "../../cli/config";
import { projectRoot } from "../../graph/project-root";
import { valuesOf, writtenOut } from "../helpers/configuration";

/** What the command prints, run in this process. */
async function printed(...args: Parameters<typeof config>): Promise<string> {
  const { write } = process.stdout;
  const chunks: string[] = [];
  process.stdout.write = ((chunk: any, done?: () => void) => {
    chunks.push(String(chunk));
    done?.();
    return true;
  }) as typeof write;
  try {
    await config(...args);
  } finally {
    process.stdout.write = write;
  }
  return chunks.join("");
}

for (const environment of ["dev", "prod"]) {
  describe(`npm run plan -- ${environment} --config`, () => {
    let text: string;
    let document: any;
    before(async () => {
      text = await printed(environment, {});
      document = JSON.parse(await printed(environment, { json: true }));
    });

    it("prints the whole configuration as YAML that the file could have", () => {
      const values = Object.entries(parse(text)).map(([key, value]) => [key.replace("platform:", ""), value]);
      assert.deepEqual(valuesOf(sorted(Object.fromEntries(values))), valuesOf(sorted(writtenOut(environment))));
    });

    it("says in each line with a value where it came from, aligned", () => {
      const lines = text.trimEnd().split("\n");
      const sources =
        /# (default|class (development|production)|from [a-zA-Z' ]+|Pulumi\.\w+\.yaml)(; waits for [\w, ]+)?$/;
      for (const line of lines) assert.ok(line.endsWith(":") || sources.test(line), line);
      const columns = lines.map((line) => line.indexOf(" # ")).filter((column) => column >= 0);
      const [most] = [...new Set(columns)].sort((a, b) => count(columns, b) - count(columns, a));
      assert.ok(count(columns, most!) > columns.length * 0.9);
      assert.ok(lines.length > 80, `${lines.length} lines`);
    });

    it("is the same as JSON", () => {
      const lines = text.split("\n").filter((line) => line.includes("  # "));
      assert.equal(document.values.length, lines.length);
      assert.deepEqual([document.environment, document.class], [environment, parse(text)["platform:class"]]);
      for (const [i, { source, waitsFor }] of document.values.entries()) {
        const end = waitsFor ? `# ${source}; waits for ${waitsFor.join(", ")}` : `# ${source}`;
        assert.ok(lines[i]!.endsWith(end), lines[i]);
      }
    });
  });
}

describe("npm run plan --config", () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(projectRoot, "cli/platform.cjs"), "plan", ...args], { encoding: "utf8" });

  it("is an option of the command, which then prints no plan", async function () {
    this.timeout(60_000);
    const { status, stdout, stderr } = run("prod.eu-west-1", "--config");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.equal(stdout, await printed("prod", {}));
  });

  it("refuses a stack whose region the environment does not have, and options that contradict it", async function () {
    this.timeout(60_000);
    const absent = run("dev.us-east-1", "--config");
    assert.deepEqual([absent.status, absent.stdout], [1, ""]);
    assert.match(
      absent.stderr,
      /^stack "dev\.us-east-1" names region "us-east-1", but Pulumi\.dev\.yaml has eu-west-1; /,
    );
    const contradicted = run("dev", "--config", "--moved-from", "prod");
    assert.deepEqual([contradicted.status, contradicted.stdout], [2, ""]);
  });

  it("marks what waits for another pattern, and names each value's source", async () => {
    const text = await printed("dev-compute", {});
    const line = (start: string, service: string) =>
      text
        .slice(text.indexOf(`  ${service}:`))
        .split("\n")
        .find((each) => each.trim().startsWith(start))!
        .replace(/ +# /, " # ")
        .trim();
    assert.equal(line("ingress", "shipping"), "ingress: alb # Pulumi.dev.yaml; waits for ecs");
    assert.equal(line("ingress", "food-store"), "ingress: cloudmap # default");
    assert.equal(line("peak", "pet-store"), "peak: 1 # class development; waits for ec2, ecs, beanstalk");
    assert.equal(line("max", "food-store"), "max: 4 # from peak and the zones");
  });
});

const count = <Value>(values: readonly Value[], value: Value) => values.filter((each) => each === value).length;

/** The keys of every object in their order, as the file has them in another than the schema. */
function sorted(value: any): any {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
