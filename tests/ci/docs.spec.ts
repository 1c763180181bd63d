import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { parseConfig } from "../../account/config";

const root = resolve(__dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const workflows = readdirSync(join(root, ".github/workflows"));

describe("docs/ci.md", () => {
  const text = read("docs/ci.md");

  it("has a configuration of the account that is valid, with a subject per GitHub environment of the workflows", () => {
    const { config } = parse(/```yaml\n(.*?)```/s.exec(text)![1]!);
    const keys = Object.entries(config).map(([key, value]) => [key.replace("platform-account:", ""), value]);
    const { deploy } = parseConfig({ state: { retentionDays: 30 }, ...Object.fromEntries(keys) }, "account");
    const environments = [
      ...Object.values<any>(parse(read(".github/workflows/deploy.yml")).jobs).map((job) => job.with.environment),
      ...parse(read(".github/workflows/preview.yml")).jobs.preview.strategy.matrix.environment.map(
        (environment: string) => `${environment}-preview`,
      ),
    ];
    assert.deepEqual(
      deploy.oidc?.subjects,
      environments.map((environment) => `repo:example/platform:environment:${environment}`),
    );
    assert.equal(deploy.oidc?.issuer, "https://token.actions.githubusercontent.com");
  });

  it("names every workflow, and every variable they read", () => {
    const sources = workflows.map((file) => read(`.github/workflows/${file}`)).join("\n");
    const variables = new Set([...sources.matchAll(/\bvars\.(\w+)/g)].map(([, name]) => name!));
    assert.ok(variables.size >= 5);
    for (const name of [...workflows, ...variables]) assert.ok(text.includes(`\`${name}\``), name);
  });
});

describe("links to files", () => {
  for (const file of ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/ci.md"]) {
    it(`of ${file} lead somewhere`, () => {
      const links = [...read(file).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => path!);
      assert.deepEqual(
        links.filter((path) => !existsSync(join(root, dirname(file), path))),
        [],
      );
    });
  }
});
