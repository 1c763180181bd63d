import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { catalog } from "../../apps/catalog";
import { createCommandLine } from "../../cli/command-line";
import { projectRoot } from "../../graph/project-root";
import { awsServicePermissions } from "../../infra/account/deploy-services";
import { configurationSchema, defaultOf, type JsonSchema } from "./environment-schema";

/** The page of reference: lists of what the code has. */
export function reference(): string {
  return `${[
    "# Reference",
    "",
    "Generated from the code by `npm run generate`; a test fails when it is stale.",
    ...environmentKeys(),
    ...accountKeys(),
    ...deployRights(),
    ...routes(),
    ...commands(),
  ].join("\n")}\n`;
}

/** The keys of an environment, with what the JSON schema says of them. */
function environmentKeys(): string[] {
  return [
    "",
    "## Configuration",
    "",
    "Keys of `Pulumi.<env>.yaml`; `[]` stands for each entry of a list, `*` for each service or route. All values of an",
    "environment, and where each came from, are printed by `npm run plan -- <stack> --config`.",
    "",
    "| key | value | default | what |",
    "|---|---|---|---|",
    ...keyRows(configurationSchema(), "", true),
  ];
}

function keyRows(schema: JsonSchema, path: string, required: boolean): string[] {
  const { properties = {}, items, additionalProperties: others, description = "" } = schema;
  const below = (key: string) => (path === "" ? key : `${path}.${key}`);
  const rows = [
    ...Object.entries(properties).flatMap(([key, each]) =>
      keyRows(each, below(key), schema.required?.includes(key) === true),
    ),
    ...(items?.properties ? keyRows(items, `${path}[]`, false) : []),
    ...(typeof others === "object" ? keyRows(others, `${path}.*`, false) : []),
  ];
  if (path === "" || (description === "" && rows.length > 0)) return rows;
  const what = description.replace(/ Default: .*$/, "");
  const preset = defaultOf(path)?.words ?? (required ? "none, must be written" : "");
  return [row(`\`platform:${path}\``, rows.length > 0 ? "" : valuesOf(schema), preset, what), ...rows];
}

/** What values a key takes. */
function valuesOf(schema: JsonSchema): string {
  const { type, items, enum: listed, minimum, maximum, minItems, maxItems } = schema;
  if (items) return `${minItems}-${maxItems} of: ${valuesOf(items)}`;
  if (listed) return listed.length > 25 ? "one of AWS's" : listed.join(", ");
  return minimum === undefined ? String(type) : `${type}, ${minimum}-${maximum}`;
}

function accountKeys(): string[] {
  const { config } = parse(readFileSync(join(projectRoot, "account/Pulumi.yaml"), "utf8"));
  return [
    "",
    "## Configuration of the account",
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
  const named = createCommandLine().commands.flatMap((command) => [
    { heading: `## \`npm run ${command.name()}\``, command },
    ...command.commands.map((below) => ({
      heading: `### \`npm run ${command.name()} -- ${below.name()}\``,
      command: below,
    })),
  ]);
  return named.flatMap(({ heading, command }) => [
    "",
    heading,
    "",
    "```",
    command.configureHelp({ helpWidth: 110 }).helpInformation().trim(),
    "```",
  ]);
}

function row(...cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
