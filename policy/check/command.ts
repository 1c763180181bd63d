import { parseArgs } from "node:util";
import type { ConfigOf } from "../pack/policies";
import { readBaseline, withBaseline, withoutBaseline, writeBaseline } from "./baseline";
import { byCause } from "./causes";
import { readConfigFile } from "./config-file";
import { coverageLine } from "./coverage";
import type { Evaluation } from "./evaluate";
import { evaluateExport } from "./evaluate-export";
import { hasMandatory } from "./finding";
import { renderFindings } from "./render";
import { renderSarif } from "./sarif";
import { readStackFile } from "./stack-file";
import { UserError } from "./user-error";

/** Text that `--help` prints. */
export const USAGE = `Usage: platform-policy --file <stack.json> [options]

Checks a stack that \`pulumi stack export\` has written.

Options:
  --file <stack.json>       the exported stack
  --config <config.json>    configuration of the pack, as for pulumi preview --policy-pack-config
  --baseline <file>         do not report the findings of this file
  --write-baseline <file>   write all findings to this file, and report none
  --json                    print the findings as JSON and nothing else
  --sarif                   print SARIF for annotations in code review, with every finding
  --each                    list every finding, and not one for each cause
  --help                    print this text

Exit code: 0, 1 with a mandatory finding, 2 with wrong usage or a file that cannot be read.`;

/** What a command prints and ends with. */
export interface Result {
  readonly code: 0 | 1 | 2;
  /** For stdout. */
  readonly out?: string;
  /** For stderr. */
  readonly error?: string;
}

const options = {
  file: { type: "string" },
  config: { type: "string" },
  baseline: { type: "string" },
  "write-baseline": { type: "string" },
  json: { type: "boolean" },
  sarif: { type: "boolean" },
  each: { type: "boolean" },
  help: { type: "boolean" },
} as const;

/** Runs the command line of the pack. @param args  arguments after the program's name */
export async function runCommand(args: readonly string[]): Promise<Result> {
  try {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help) return { code: 0, out: USAGE };
    if (values.file === undefined)
      return { code: 2, error: `--file must name an exported stack, got none\n\n${USAGE}` };
    if (values.json && values.sarif) return { code: 2, error: "--json and --sarif exclude each other; choose one" };
    const state = readStackFile(values.file);
    const coverage = coverageLine(state);
    const configOf: ConfigOf = values.config === undefined ? () => ({}) : readConfigFile(values.config);
    const target = values["write-baseline"];
    if (target !== undefined) {
      const { findings } = await evaluateExport(state, { configOf: withoutBaseline(configOf) });
      return { code: 0, out: `wrote ${writeBaseline(target, findings)} findings to ${target}` };
    }
    const known = values.baseline === undefined ? [] : readBaseline(values.baseline);
    const evaluation = await evaluateExport(state, { configOf: withBaseline(configOf, known) });
    const code = hasMandatory(evaluation.findings) ? 1 : 0;
    const out = format(evaluation, { ...values, artifact: values.file, coverage });
    return { code, out, ...(values.json || values.sarif ? { error: coverage } : {}) };
  } catch (error) {
    const expected = error instanceof UserError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
    if (!expected) throw error;
    return { code: 2, error: (error as Error).message };
  }
}

/** How findings are printed. */
export interface Format {
  readonly json?: boolean | undefined;
  readonly sarif?: boolean | undefined;
  /** Whether every finding is listed, and not one for each cause. */
  readonly each?: boolean | undefined;
  /** File that SARIF shows the findings at. */
  readonly artifact: string;
  /** How much of the stack the rules looked at, for people. */
  readonly coverage: string;
}

/** Writes an evaluation for people, as JSON, or as SARIF. */
export function format({ findings, known }: Evaluation, { json, sarif, each, artifact, coverage }: Format): string {
  // A code host tells findings apart by rule and resource, so that it gets all of them.
  if (sarif) return JSON.stringify(renderSarif(findings, artifact), null, 2);
  const listed = each ? findings : byCause(findings);
  if (json) return JSON.stringify(listed, null, 2);
  return `${renderFindings(listed, known)}\n${coverage}`;
}
