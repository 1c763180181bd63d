import { stringify } from "yaml";
import { catalog } from "../apps/catalog";
import { readProject } from "../graph/project";
import { projectRoot } from "../graph/project-root";
import { rawConfig } from "../stacks/config/raw";
import { explainConfig } from "../stacks/config/read";
import { waitsFor } from "../stacks/config/waiting-keys";
import { checkStackName, parseStackName } from "../stacks/stack-name";
import { print } from "./print";

/** Options of `plan --config`. */
interface ConfigCommandOptions {
  /** Print one JSON document. */
  readonly json?: boolean;
}

/** A value of the configuration, and where it came from. */
interface ExplainedValue {
  /** Key that `pulumi config set --path` takes. @example "platform:tokens.accessMinutes" */
  readonly path: string;
  readonly value: unknown;
  /** `default`, `class development`, `from zone`, or the name of the file. */
  readonly source: string;
  /** Patterns of the service that would read the value. @default unset: the value has an effect */
  readonly waitsFor?: readonly string[];
}

/** Runs `plan --config`: prints the whole configuration of a stack's environment and where each value came from. */
export async function config(stack: string, options: ConfigCommandOptions): Promise<void> {
  const stackName = parseStackName(stack);
  const { environment } = stackName;
  const files = readProject(projectRoot, environment);
  const { config, sources } = explainConfig(rawConfig(files.project, files.config), environment, catalog);
  checkStackName(stackName, config.regions);
  const explain = (path: string, value: unknown): ExplainedValue => {
    const patterns = waitsFor(path, config);
    const source = sources.get(path) ?? `Pulumi.${environment}.yaml`;
    return { path: `platform:${path}`, value, source, ...(patterns.length > 0 ? { waitsFor: patterns } : {}) };
  };
  const lines = linesOf(config, explain);
  if (options.json) {
    const values = lines.flatMap(({ explained }) => explained ?? []);
    return print(JSON.stringify({ environment, class: config.class, values }, null, 2));
  }
  await print(render(lines));
}

/** A line of YAML, and the value that it shows; a line that only opens an object or a list shows none. */
interface Line {
  readonly text: string;
  readonly explained?: ExplainedValue;
}

type Explain = (path: string, value: unknown) => ExplainedValue;

/** Returns the lines of YAML of a configuration, as its file could have them. */
function linesOf(config: object, explain: Explain): Line[] {
  return Object.entries(config).flatMap(([key, value]) => entryLines(`platform:${key}`, value, key, explain));
}

function entryLines(key: string, value: unknown, path: string, explain: Explain): Line[] {
  if (value === undefined) return [];
  const inner = innerLines(value, path, explain);
  if (inner.length === 0) return [{ text: `${key}: ${flow(value)}`, explained: explain(path, value) }];
  return [{ text: `${key}:` }, ...indented(inner)];
}

/** Returns the lines of the entries of an object or of a list of objects; none for other values. */
function innerLines(value: unknown, path: string, explain: Explain): Line[] {
  if (Array.isArray(value)) {
    if (!value.some((entry) => typeof entry === "object")) return [];
    return value.flatMap((entry, i) => {
      const [first, ...rest] = innerLines(entry, `${path}[${i}]`, explain);
      return first ? [{ ...first, text: `- ${first.text}` }, ...indented(rest)] : [];
    });
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => entryLines(key, each, `${path}.${key}`, explain));
}

function indented(lines: readonly Line[]): Line[] {
  return lines.map((line) => ({ ...line, text: `  ${line.text}` }));
}

/** Writes a value on one line of YAML. */
function flow(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", flowCollectionPadding: false, lineWidth: 0 }).trim();
}

/** Widest text that the sources stand behind; those of longer lines follow them directly. */
const WIDEST = 60;

/** Aligns the sources as comments, so that every line can be copied into the file. */
function render(lines: readonly Line[]): string {
  const widths = lines.filter(({ explained }) => explained).map(({ text }) => text.length);
  const width = Math.max(...widths.filter((each) => each <= WIDEST));
  return lines
    .map(({ text, explained }) => (explained ? `${text.padEnd(width)}  # ${commentOf(explained)}` : text))
    .join("\n");
}

function commentOf({ source, waitsFor = [] }: ExplainedValue): string {
  return waitsFor.length === 0 ? source : `${source}; waits for ${waitsFor.join(", ")}`;
}
