import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/*
 * Turns previews into the comment on a pull request. Runs by Node alone, without packages, so that the job that may
 * write comments installs nothing. It names resources and properties; values stand in findings and errors alone.
 */

/** One line of the engine's event log; only what the comment needs. */
interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: Step };
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
  readonly policyEvent?: Finding;
  readonly summaryEvent?: object;
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  /** Resources of a provider have `custom: true`; components have none. */
  readonly old?: { readonly custom?: boolean } | null;
  readonly new?: { readonly custom?: boolean } | null;
  readonly diffs?: readonly string[];
  readonly detailedDiff?: Readonly<Record<string, { readonly diffKind: string }>> | null;
}

interface Finding {
  readonly policyName: string;
  readonly enforcementLevel: string;
  readonly resourceUrn?: string;
  readonly message: string;
}

/** A stack's preview: the lines of its event log. */
export interface Preview {
  readonly stack: string;
  readonly log: string;
}

/** First line of the comment, by which the next run finds it. */
const marker = "<!-- preview -->";
/** GitHub takes 65,536. */
const mostCharacters = 60_000;
/** Operations that are listed, the most dangerous first; what a replacement consists of is not. */
const operations = ["delete", "replace", "update", "create", "import"];

/**
 * @param commit  what was previewed
 * @param run     URL of the workflow run, which has the whole log
 * @returns Markdown, with as many rows as fit a comment
 */
export function renderComment(previews: readonly Preview[], commit: string, run: string): string {
  const ends = `Commit ${code(commit.slice(0, 12))}. [The log of the run](${run}) has the values of properties.`;
  const stacks = previews.map(({ stack, log }) => ({ stack, events: log.split("\n").flatMap(parse) }));
  const bodies = [200, 50, 10, 0].map((rows) =>
    [marker, "## Preview", ...stacks.map(({ stack, events }) => renderStack(stack, events, rows)), ends].join("\n\n"),
  );
  const tooLong = [marker, "## Preview", "The preview is too long for a comment.", ends].join("\n\n");
  return `${bodies.find((body) => body.length <= mostCharacters) ?? tooLong}\n`;
}

function renderStack(stack: string, events: readonly EngineEvent[], rows: number): string {
  const steps = events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? []).filter(isCustom);
  const errors = events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity === "error" ? diagnosticEvent : [],
  );
  const findings = events.flatMap(({ policyEvent }) => policyEvent ?? []);
  const told = findings.filter(({ message }) => !message.startsWith("Not evaluated"));
  const finished = events.some(({ summaryEvent }) => summaryEvent) && errors.length === 0;
  return [
    `### ${code(stack)}: ${finished ? counts(steps) : "failed"}`,
    ...(events.length === 0 ? ["The engine reported nothing."] : []),
    ...errors.slice(0, 5).map(({ message }) => `<pre>${escaped(plain(message).trim().slice(0, 2_000))}</pre>`),
    ...renderRefusals(told.filter(isMandatory), rows),
    ...renderSteps(steps, rows),
    ...renderAdvice(
      told.filter((finding) => !isMandatory(finding)),
      rows,
    ),
    ...(told.length < findings.length
      ? [`Rules that need values only a deployment knows: ${findings.length - told.length}.`]
      : []),
  ].join("\n\n");
}

/** An engine that was killed leaves half a line. */
function parse(line: string): EngineEvent[] {
  try {
    return [JSON.parse(line) as EngineEvent];
  } catch {
    return [];
  }
}

function isCustom({ old, new: created }: Step): boolean {
  return (created ?? old)?.custom === true;
}

function counts(steps: readonly Step[]): string {
  const count = (op: string) => steps.filter((step) => step.op === op).length;
  const changes = operations.flatMap((op) => (count(op) > 0 ? `${count(op)} to ${op}` : []));
  return [...(changes.length > 0 ? changes : ["no changes"]), `${count("same")} unchanged`].join(", ");
}

function renderSteps(steps: readonly Step[], rows: number): string[] {
  const changes = operations.flatMap((op) => steps.filter((step) => step.op === op));
  if (changes.length === 0) return [];
  const lines = changes
    .slice(0, rows)
    .map((step) => `| ${emphasised(step.op)} | ${code(nameOf(step.urn))} | ${code(step.type)} | ${properties(step)} |`);
  const table = ["| change | resource | type | properties |", "|---|---|---|---|", ...lines].join("\n");
  return [...(lines.length > 0 ? [table] : []), ...rest(changes.length - lines.length, "changes")];
}

/** What loses something is told apart. */
function emphasised(op: string): string {
  return ["delete", "replace"].includes(op) ? `**${op}**` : op;
}

/** Changed properties of an existing resource; those that replace it in bold. */
function properties({ op, diffs, detailedDiff }: Step): string {
  if (op === "create" || op === "delete") return "";
  const paths = Object.entries(detailedDiff ?? Object.fromEntries((diffs ?? []).map((path) => [path, undefined])));
  const shown = paths
    .slice(0, 6)
    .map(([path, diff]) => (diff?.diffKind.endsWith("-replace") ? `**${code(path)}**` : code(path)));
  return [...shown, ...(paths.length > 6 ? [`${paths.length - 6} more`] : [])].join(", ");
}

function isMandatory({ enforcementLevel }: Finding): boolean {
  return enforcementLevel === "mandatory";
}

function renderRefusals(findings: readonly Finding[], rows: number): string[] {
  return findings.length > 0 ? ["**Policies refuse this:**", renderFindings(findings, rows)] : [];
}

/** Folded, as most of it is there before the change too. */
function renderAdvice(findings: readonly Finding[], rows: number): string[] {
  if (findings.length === 0) return [];
  const summary = `<details><summary>Advisory findings: ${findings.length}</summary>`;
  return [summary, renderFindings(findings, rows), "</details>"];
}

function renderFindings(findings: readonly Finding[], rows: number): string {
  const lines = findings.slice(0, rows).map(({ policyName, resourceUrn, message }) => {
    const on = resourceUrn === undefined ? "" : ` on ${code(nameOf(resourceUrn))}`;
    return `- ${code(policyName)}${on}: ${code(plain(message).slice(0, 300))}`;
  });
  return [...lines, ...rest(findings.length - lines.length, "findings").map((line) => `- ${line}`)].join("\n");
}

function rest(count: number, what: string): string[] {
  return count > 0 ? [`${count} more ${what} are in the log.`] : [];
}

/** `urn:pulumi:<stack>::<project>::<types>::<name>` */
function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::") || urn;
}

/** Without the engine's marks for colours, such as `<{%reset%}>`. */
function plain(text: string): string {
  return text.replace(/<\{%[^%]*%\}>/g, "");
}

/** Text from outside, in an element in which GitHub links and mentions nothing. */
function code(text: string): string {
  return `<code>${escaped(text.replace(/\s+/g, " ").trim())}</code>`;
}

/** Whatever could be Markdown or HTML as numbered characters, which are neither. */
function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9 .,:;/=+()\n-]/gu, (character) => `&#${character.codePointAt(0)};`);
}

function main([folder, commit, run]: readonly string[]): void {
  if (folder === undefined || commit === undefined || run === undefined) {
    throw new Error("usage: preview-comment.ts <folder of event logs> <commit> <URL of the run>");
  }
  const logs = readdirSync(folder)
    .filter((file) => file.endsWith(".jsonl"))
    .sort();
  const previews = logs.map((file) => ({
    stack: basename(file, ".jsonl"),
    log: readFileSync(join(folder, file), "utf8"),
  }));
  process.stdout.write(renderComment(previews, commit, run));
}

// Node loads it as a module of either kind; neither says in the same way whether it is the program.
if (basename(process.argv[1] ?? "") === "preview-comment.ts") main(process.argv.slice(2));
