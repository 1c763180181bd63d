import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { catalog } from "../../apps/catalog";
import { createCommandLine } from "../../cli/command-line";
import { projectRoot } from "../../graph/project-root";
import { awsServicePermissions } from "../../infra/account/deploy-services";

/** Lists of what the code holds; `UPDATE_DOCS=1 npm run mocha` writes them anew. */
function reference(): string {
  return `${[
    "# Reference",
    "",
    "Generated from the code by `UPDATE_DOCS=1 npm run mocha`; a test fails when it is stale.",
    ...configKeys("Configuration", "Pulumi.yaml"),
    ...configKeys("Configuration of the account", "account/Pulumi.yaml"),
    ...deployRights(),
    ...routes(),
    ...commands(),
  ].join("\n")}\n`;
}

function configKeys(title: string, file: string): string[] {
  const { config } = parse(readFileSync(join(projectRoot, file), "utf8"));
  return [
    "",
    `## ${title}`,
    "",
    "| key | type | default | what |",
    "|---|---|---|---|",
    ...Object.entries<any>(config).map(([key, { type, default: preset, description }]) =>
      row(`\`${key}\``, type, preset === undefined ? "" : `\`${JSON.stringify(preset)}\``, description.trim()),
    ),
  ];
}

function deployRights(): string[] {
  const code = (texts: readonly string[]) => texts.map((text) => `\`${text}\``).join(" ");
  return [
    "",
    "## What the deploy role may do",
    "",
    "Beside roles and state, see [account.md](account.md). `*` stands for any letters.",
    "",
    "| service | actions | on |",
    "|---|---|---|",
    ...Object.values(awsServicePermissions)
      .flat()
      .map(({ prefix: service, actions, resources, global }) => {
        const everything = global ? "everything; it is in no region" : "everything in the configured regions";
        return row(service, code(actions), resources ? code(resources) : everything);
      }),
  ];
}

function routes(): string[] {
  return Object.values(catalog).flatMap((service) => [
    "",
    `## ${service.title}: routes`,
    "",
    "| route | needs | requests per second, burst |",
    "|---|---|---|",
    ...[...service.routes, ...service.legacyRoutes].map(({ method, path, scopes, throttle }) =>
      row(
        `\`${method} ${path}\``,
        scopes.length === 0 ? "nothing" : `\`${scopes.join(" ")}\``,
        `${throttle.rate}, ${throttle.burst}`,
      ),
    ),
  ]);
}

function commands(): string[] {
  return createCommandLine().commands.flatMap((command) => [
    "",
    `## \`npm run ${command.name()}\``,
    "",
    "```",
    command.configureHelp({ helpWidth: 110 }).helpInformation().trim(),
    "```",
  ]);
}

function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

describe("docs/reference.md", () => {
  it("is what the code says", () => {
    const path = join(projectRoot, "docs/reference.md");
    if (process.env["UPDATE_DOCS"] !== undefined) writeFileSync(path, reference());
    assert.equal(readFileSync(path, "utf8"), reference(), "run `UPDATE_DOCS=1 npm run mocha` and review the change");
  });
});
