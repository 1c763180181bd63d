import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GraphIndex } from "../../graph/model";
import { projectRoot } from "../../graph/project-root";

/** What tests read of an OpenAPI document. */
export interface Document {
  readonly info: { readonly title: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, any>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, any>>>>;
}

/** Returns the folder from which a planned region publishes its documents. */
export function referenceFolder(plan: GraphIndex, region = "eu-west-1"): string {
  const [found] = plan
    .ofType("aws:lambda/function:Function")
    .filter(({ name }) => name === `${region}-reference-function`);
  return join(projectRoot, found!.inputs["code"].archive);
}

/** Returns the documents that a planned region publishes, by gateway and path. @example "http/food-store/openapi.json" */
export function plannedDocuments(plan: GraphIndex, region = "eu-west-1"): Record<string, Document> {
  const folder = referenceFolder(plan, region);
  const files = (readdirSync(folder, { recursive: true }) as string[]).filter((file) => file.endsWith(".json"));
  return Object.fromEntries(files.sort().map((file) => [file, JSON.parse(readFileSync(join(folder, file), "utf8"))]));
}

/**
 * Asks two public validators about documents: openapi-schema-validator, which has the schema of the specification, and
 * Redocly's linter with the rules that it recommends. No request leaves the machine.
 * @param documents  by name, for messages
 * @returns what they find, one line each
 */
export async function validate(documents: Readonly<Record<string, object>>): Promise<string[]> {
  const [bySchema, byRules] = await Promise.all([validateBySchema(documents), validateByRules(documents)]);
  return [...bySchema, ...byRules];
}

async function validateBySchema(documents: Readonly<Record<string, object>>): Promise<string[]> {
  const { Validator } = await import("@seriousme/openapi-schema-validator");
  const findings = await Promise.all(
    Object.entries(documents).map(async ([name, document]) => {
      const { valid, errors } = await new Validator().validate(structuredClone(document) as Record<string, unknown>);
      return valid ? [] : [`${name}: ${JSON.stringify(errors)}`];
    }),
  );
  return findings.flat();
}

/** The API of a company has no licence, and the environments of this checkout have names of examples. */
const config = { extends: ["recommended"], rules: { "info-license": "off", "no-server-example.com": "off" } };

async function validateByRules(documents: Readonly<Record<string, object>>): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "openapi-"));
  try {
    const names = Object.keys(documents);
    const files = names.map((name) => `${name.replaceAll("/", "_")}.json`);
    for (const [i, file] of files.entries()) {
      writeFileSync(join(folder, file), JSON.stringify(documents[names[i]!]));
    }
    writeFileSync(join(folder, "redocly.yaml"), JSON.stringify(config));
    const found = await lint(folder, ["lint", ...files, "--config", "redocly.yaml", "--format", "json"]);
    return found.map(({ ruleId, message, location }) => {
      const [{ source, pointer }] = location;
      return `${names[files.indexOf(source.ref)] ?? source.ref}: ${ruleId} at ${pointer}: ${message}`;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Problem {
  readonly ruleId: string;
  readonly message: string;
  readonly location: readonly [{ readonly source: { readonly ref: string }; readonly pointer?: string }];
}

/**
 * Runs the linter, which writes one JSON document per file.
 * @throws {Error} when it does not write what it has found in each
 */
function lint(folder: string, args: readonly string[]): Promise<readonly Problem[]> {
  const command = join(projectRoot, "node_modules/@redocly/cli/bin/cli.js");
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [command, ...args], { cwd: folder, env }, (_found, stdout, stderr) => {
      try {
        const results: { problems: Problem[] }[] = JSON.parse(`[${stdout.replace(/^\}\s*\{/gm, "},{")}]`);
        assert.equal(results.length, args.filter((arg) => arg.endsWith(".json")).length);
        resolve(results.flatMap(({ problems }) => problems));
      } catch {
        reject(new Error(`redocly lint must write JSON, got ${JSON.stringify(stdout.slice(0, 200))}; ${stderr}`));
      }
    });
  });
}
