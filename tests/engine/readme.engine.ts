import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../graph/project-root";
import { layerNames } from "../../stacks/stack-name";
import { Terminal } from "./helpers/terminal";

/** The shell blocks of a document, or of one section of it. */
function blocks(file: string, section = ""): string[] {
  const text = readFileSync(join(projectRoot, file), "utf8");
  const part = section === "" ? text : text.split("\n## ").find((each) => each.startsWith(`${section}\n`));
  return [...part!.matchAll(/```sh\n(.*?)```/gs)].map(([, script]) => script!);
}

describe("the README on deploying", () => {
  let terminal: Terminal;
  let left: string[];
  before(async () => {
    terminal = await Terminal.open();
    left = blocks("README.md", "Deploy");
    assert.equal(left.length, 6);
  });
  after(() => terminal?.close());

  it("gives an account its state and role, and keeps the account's own state there", async () => {
    await terminal.types(left.shift()!);
    assert.match(await terminal.types("npx pulumi stack ls --all"), /^organization\/platform-account\/account /m);
    const again = await terminal.types("npx pulumi -C account up -s account");
    assert.match(again, /Resources:\n +\d+ unchanged/);
    const state = [...terminal.bucket().objects()].find(([key]) => key.endsWith("/platform-account/account.json"));
    assert.match(String(state?.[1]), /aws:s3\/bucket:Bucket/);
  });

  it("names an environment, deploys it and puts it out", async () => {
    await terminal.types(left.shift()!);
    assert.match(await terminal.types(left.shift()!), /"?https:\/\/api\.dev\.example\.org"?/);
    const roles = terminal.project.cloud.resources.filter(
      ({ type, inputs }) => type === "aws:iam/role:Role" && inputs["tags"]?.environment === "dev",
    );
    assert.ok(roles.length > 5);
    assert.ok(roles.every(({ inputs }) => /^arn:aws:iam::\d+:policy\//.test(inputs["permissionsBoundary"])));
  });

  it("goes back to the release before", async () => {
    const pool = () =>
      terminal.project.cloud.resources
        .filter(({ type }) => type.endsWith(":UserPoolClient"))
        .map(({ inputs }) => inputs["accessTokenValidity"]);
    const before = pool();
    terminal.project.edit("Pulumi.dev.yaml", "config:\n", "config:\n  platform:tokens:\n    accessMinutes: 30\n");
    await terminal.types("git commit -qam 'Shorter tokens' && npx pulumi up -s dev");
    assert.notDeepEqual(pool(), before);
    await terminal.types(left.shift()!);
    assert.deepEqual(pool(), before);
  });

  it("takes it all away", async () => {
    await terminal.types(left.shift()!);
    assert.doesNotMatch(await terminal.types("npx pulumi stack ls --all"), /\/dev /);
  });

  it("runs what is said of operations as written, from one stack of prod to none", async () => {
    const scripts = blocks("docs/operations.md");
    assert.equal(scripts.length, 5);
    const [whole, move, ...others] = scripts as [string, string, ...string[]];
    const account = terminal.project.cloud.resources;
    await terminal.types(whole);
    const running = terminal.project.cloud.resources;
    await terminal.types(move);
    assert.deepEqual(terminal.project.cloud.resources, running);
    for (const script of others) await terminal.types(script);
    assert.deepEqual(terminal.project.cloud.resources, account);
  });

  it("deploys prod by layer", async () => {
    await terminal.types("git checkout --quiet Pulumi.prod.yaml");
    await terminal.types(left.shift()!);
    const stacks = await terminal.types("npx pulumi stack ls");
    for (const layer of layerNames) assert.match(stacks, new RegExp(`^prod-${layer}\\*? `, "m"));
    assert.deepEqual(left, []);
  });
});
