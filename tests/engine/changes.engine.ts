import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Change, changes } from "./changes";
import { errors, operations } from "./helpers/events";
import { Project } from "./helpers/project";

const RECORD = join(__dirname, "changes.txt");

/** What a team cannot lose: data, identities, and names that others point at. */
const LASTING = [
  "aws:dynamodb/table:Table",
  "aws:cognito/userPool:UserPool",
  "aws:cognito/userPoolDomain:UserPoolDomain",
  "aws:route53/zone:Zone",
  "aws:apigatewayv2/domainName:DomainName",
  "aws:apigatewayv2/api:Api",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
];

describe("an everyday change of a running dev", () => {
  let project: Project;
  before(async () => {
    project = await Project.make();
    await project.run("stack", "init", "dev");
    const up = await project.run("up", "-s", "dev", "--yes", "--skip-preview");
    assert.deepEqual([up.code, errors(up.events)], [0, []]);
  });
  after(() => project?.close());

  for (const [title, change] of Object.entries<Change>(changes)) {
    it(`${title}: exactly what it must`, async () => {
      change.make(project);
      const up = await project.run("up", "-s", "dev", "--yes", "--skip-preview");
      assert.deepEqual([up.code, errors(up.events)], [0, []]);
      const steps = operations(up.events).map((line) => line.replaceAll("eu-west-1-", ""));
      const done = summary(steps);
      if (change.exactly) assert.deepEqual(done, change.exactly);
      else assert.deepEqual(byClass(done), recorded(title, byClass(done)));
      const lasts = (type: string, name: string) => LASTING.includes(type) || name.endsWith("-objects-bucket");
      const lost = steps
        .map((line) => line.split(" ") as [string, string, string])
        .filter(([operation, type, name]) => /^(delete|replace)/.test(operation) && lasts(type, name));
      assert.deepEqual(lost, []);
    });
  }

  it("a release that Amazon does not have: refused in one sentence, with nothing changed", async () => {
    let named: unknown;
    project.configure("dev", (config) => {
      named = config["platform:imageRelease"];
      config["platform:imageRelease"] = "2023.1.20200101.0";
    });
    for (const args of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { code, events, text } = await project.run(args[0]!, "-s", "dev", ...args.slice(1));
      assert.notEqual(code, 0);
      assert.deepEqual(operations(events), []);
      assert.deepEqual(errors(events), [
        'platform:imageRelease must be a release of Amazon Linux 2023 that has the image al2023-ami-2023.1.20200101.0-kernel-6.1-arm64 in eu-west-1, got "2023.1.20200101.0"; set a release that AWS\'s release notes list',
      ]);
      assert.doesNotMatch(text, /^\s+at /m);
    }
    project.configure("dev", (config) => {
      config["platform:imageRelease"] = named;
    });
  });

  it("pushes no tag of a container image twice, also when it returns to the build before", () => {
    const [tags = []] = project.cloud.containerImages.all();
    assert.equal(new Set(tags).size, tags.length);
    const hashes = tags.map((tag) => tag.split("-")[0]);
    assert.equal(hashes.length, 3);
    assert.equal(hashes[2], hashes[0], "the third image is of the first build");
  });

  it("leaves nothing to do, after all of them", async () => {
    const again = await project.run("up", "-s", "dev", "--yes", "--skip-preview");
    assert.deepEqual([again.code, operations(again.events)], [0, []]);
  });
});

/** `<operation> <class>: <names>`. */
function byClass(done: readonly string[]): string[] {
  const names = new Map<string, string[]>();
  for (const line of done) {
    const [operation, type, name] = line.split(" ") as [string, string, string];
    const key = `${operation} ${type}`;
    names.set(key, [...(names.get(key) ?? []), name]);
  }
  return [...names].map(([key, all]) => `${key}: ${all.join(", ")}`);
}

/** What changes.txt says of a change; UPDATE_SNAPSHOTS=1 writes there what was done. */
function recorded(title: string, done: readonly string[]): readonly string[] {
  const sections = new Map(
    readFileSync(RECORD, "utf8")
      .split(/^# /m)
      .slice(1)
      .map((text) => text.trim().split("\n"))
      .map(([name, ...lines]) => [name!, lines] as const),
  );
  if (process.env["UPDATE_SNAPSHOTS"]) {
    sections.set(title, [...done]);
    const text = [...sections].map(([name, lines]) => [`# ${name}`, ...lines].join("\n"));
    writeFileSync(RECORD, `${text.join("\n\n")}\n`);
  }
  return sections.get(title) ?? [];
}

/** `<operation> <class> <name>`; a replacement, three steps to the engine, is one to people. */
function summary(steps: readonly string[]): string[] {
  return steps
    .filter((line) => !/^(create-replacement|delete-replaced) /.test(line))
    .map((line) => line.replace(/ \S*:(\w+) /, " $1 "))
    .sort();
}
