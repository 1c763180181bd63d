import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Bucket } from "../backend/bucket";
import { type AccountServices, accountServices } from "../backend/server";
import { getCli } from "../cli/get";
import { Project } from "./project";

/** What people have in their shell from one block to the next. */
const VARIABLES = ["BACKEND", "SECRETS", "BOUNDARY", "PULUMI_CONFIG_PASSPHRASE"];

/** Somebody's terminal in a clone of the project, with an AWS account behind it. */
export class Terminal {
  private readonly buckets: Bucket[] = [];

  private constructor(
    readonly project: Project,
    private readonly services: AccountServices,
  ) {}

  static async open(): Promise<Terminal> {
    const services = await accountServices();
    const author = { NAME: "Ada", EMAIL: "ada@example.com" };
    const project = await Project.make({
      exampleNames: true,
      env: {
        ...services.env,
        GIT_AUTHOR_NAME: author.NAME,
        GIT_AUTHOR_EMAIL: author.EMAIL,
        GIT_COMMITTER_NAME: author.NAME,
        GIT_COMMITTER_EMAIL: author.EMAIL,
        PULUMI_BACKEND_URL: undefined,
        PULUMI_CONFIG_PASSPHRASE: undefined,
      },
    });
    const terminal = new Terminal(project, services);
    // What the stand-in for AWS makes, the backend finds.
    project.cloud.beforeAnswer = ({ type, region, inputs, outputs }) => {
      if (type === "aws:s3/bucket:Bucket" && inputs["objectLockEnabled"]) {
        terminal.buckets.push(services.addBucket(outputs["bucket"], region));
      }
      if (type === "aws:kms/alias:Alias") services.addKey(outputs["name"], region);
    };
    keepCli(project);
    await terminal.types(
      "git init --quiet && printf '%s\\n' node_modules '/.*' > .git/info/exclude && git add --all && git commit --quiet --message first",
    );
    return terminal;
  }

  /** Runs a block as it stands. @throws with what was said, when a command fails */
  async types(script: string): Promise<string> {
    const { code, text } = await this.project.shell(
      `touch .shell; . ./.shell\n${script}\ndeclare -p ${VARIABLES.join(" ")} > .shell 2> /dev/null || true`,
    );
    assert.equal(code, 0, text.slice(-3000));
    return text;
  }

  /** Where the account keeps state. */
  bucket(): Bucket {
    assert.equal(this.buckets.length, 1);
    return this.buckets[0]!;
  }

  async close(): Promise<void> {
    this.project.close();
    await this.services.close();
  }
}

/** Has `npx pulumi` of a project download nothing, as it finds its version. */
export function keepCli(project: Project): void {
  const { version } = require("pulumi/package.json");
  const folder = join(project.folder, ".home/versions", version, "bin");
  mkdirSync(folder, { recursive: true });
  symlinkSync(getCli().command, join(folder, "pulumi"));
}
