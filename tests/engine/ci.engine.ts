import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderComment } from "../../.ci/preview-comment";
import { serviceNames } from "../../apps/catalog";
import { projectRoot } from "../../graph/project-root";
import { Project } from "./helpers/project";
import { keepCli } from "./helpers/terminal";

describe("what workflows run", () => {
  let project: Project;
  const bin = () => join(project.folder, ".stand-ins");
  const shell = (script: string) => project.shell(`PATH=${bin()}:$PATH ${script}`);
  const comment = () => {
    const logs = readdirSync(join(project.folder, "previews"));
    const previews = logs.map((file) => ({
      stack: file.replace(".jsonl", ""),
      log: project.read(join("previews", file)),
    }));
    return renderComment(previews, "0123456789ab", "https://ci.example.com/runs/1");
  };
  before(async () => {
    project = await Project.make();
    keepCli(project);
    cpSync(join(projectRoot, ".ci"), join(project.folder, ".ci"), { recursive: true });
    mkdirSync(bin());
    writeFileSync(join(bin(), "curl"), '#!/bin/sh\nfor last; do :; done; echo "$last" >> asked\n', { mode: 0o755 });
    await project.run("stack", "init", "dev");
  });
  after(() => project?.close());

  it("previews an environment, and the comment has what the engine reported", async () => {
    const { code, text } = await shell(".ci/preview dev previews");
    assert.equal(code, 0, text.slice(-2_000));
    assert.match(comment(), /^### <code>dev<\/code>: \d{2,} to create, 0 unchanged$/m);
    assert.match(comment(), /<summary>Advisory findings: \d+<\/summary>/);
  });

  it("deploys it, and asks each service of each region", async () => {
    const { code, text } = await shell(".ci/up dev");
    assert.equal(code, 0, text.slice(-2_000));
    const asked = serviceNames.map((service) => `https://eu-west-1.api.dev.example.org/${service}/healthz`);
    assert.deepEqual(project.read("asked").trim().split("\n"), asked);
  });

  it("names in the comment what a change replaces, and what policies refuse", async () => {
    project.configure("dev", (config) => {
      config["platform:tokens"].accessMinutes = 30;
    });
    const changed = await shell(".ci/preview dev previews");
    assert.equal(changed.code, 0, changed.text.slice(-2_000));
    assert.match(comment(), /^\| update \| <code>[\w-]+<\/code> \| <code>aws:cognito.*accessTokenValidity/m);
    project.edit("infra/security/private-bucket.ts", "blockPublicPolicy: true", "blockPublicPolicy: false");
    const refused = await shell(".ci/preview dev previews");
    assert.equal(refused.code, 1);
    assert.match(comment(), /^### <code>dev<\/code>: failed$/m);
    assert.match(comment(), /\*\*Policies refuse this:\*\*\n\n- <code>/);
  });
});
