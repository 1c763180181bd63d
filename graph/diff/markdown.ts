import { shortType } from "../tree";
import type { Difference } from "./difference";
import { dangersOf } from "./render";
import {
  countsOf,
  listedByRegion,
  type PlaceChanges,
  propertyTexts,
  type RegionalChange,
  sectionsOf,
} from "./sections";

/** Most rows of a table, and inputs of a row, so that the text fits a comment of 65,536 characters. */
const mostRows = 100;
const mostProperties = 6;

/** Writes a difference as Markdown, for a pull request. Its texts can neither link nor mention a person. */
export function renderMarkdown(difference: Difference): string {
  const { dangerous, replaced, places, regions } = sectionsOf(difference);
  return [
    `### ${code(difference.stack)} compared with ${code(difference.from)}: ${countsOf(difference)}`,
    ...(dangerous.length > 0
      ? [
          "**Data is lost, or `pulumi up` refuses it:**",
          table(dangerous.map((change) => row(change, dangersOf(change)))),
        ]
      : []),
    ...(replaced.length > 0 ? ["**Replaced:**", table(replaced.map((change) => row(change)))] : []),
    ...(regions.length > 0 ? [regions.map((line) => `- ${escaped(line)}`).join("\n")] : []),
    ...places.flatMap(renderPlace),
    ...(difference.notKnown.length > 0
      ? [`Not known before a preview:\n\n${difference.notKnown.map((line) => `- ${escaped(line)}`).join("\n")}`]
      : []),
  ].join("\n\n");
}

function renderPlace({ service, layer, updated, deleted, created, built }: PlaceChanges): string[] {
  const rows = [
    ...listRows("**delete**", deleted),
    ...updated.map((change) => row(change)),
    ...built.map((change) => row({ ...change, properties: [] }, ["new build"])),
    ...listRows("create", created),
  ];
  return [`**${escaped(service)}, ${layer}**`, table(rows)];
}

function row(change: RegionalChange, reasons: readonly string[] = []): string {
  const { operation, name, type, regions } = change;
  const texts = propertyTexts(change, mostProperties).map(code);
  const what = [...reasons.map((reason) => `**${reason}**`), ...texts];
  const bold = operation === "replace" || operation === "delete" ? `**${operation}**` : operation;
  return `| ${bold} | ${code(name)} | ${code(shortType(type))} | ${regions.join(", ")} | ${what.join("<br>")} |`;
}

function listRows(operation: string, changes: readonly RegionalChange[]): string[] {
  return listedByRegion(changes).map(
    ({ regions, names }) =>
      `| ${operation} | ${names.length} resources |  | ${regions.join(", ")} | ${names.map(code).join(", ")} |`,
  );
}

function table(rows: readonly string[]): string {
  const rest = rows.length - mostRows;
  return [
    "| change | resource | type | regions | what |",
    "|---|---|---|---|---|",
    ...rows.slice(0, mostRows),
    ...(rest > 0 ? [`| ${rest} more |  |  |  |  |`] : []),
  ].join("\n");
}

/** Text in an element in which a code host links and mentions nothing. */
function code(text: string): string {
  return `<code>${escaped(text.replace(/\s+/g, " ").trim())}</code>`;
}

/** Characters that could be Markdown or HTML, by their numbers. */
function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9 .,:;/=+()\n-]/gu, (character) => `&#${character.codePointAt(0)};`);
}
