import { shortType } from "../tree";
import type { Difference } from "./difference";
import { dangersOf } from "./render";
import {
  countedResources,
  countsOf,
  listedByRegion,
  type PlaceChanges,
  propertyTexts,
  type RegionalChange,
  sectionsOf,
} from "./sections";

/** How much of a difference is shown: the first of these that fits is taken. */
const sizes = [
  { rows: 100, properties: 6 },
  { rows: 40, properties: 3 },
  { rows: 10, properties: 1 },
  { rows: 0, properties: 0 },
] as const;
type Size = (typeof sizes)[number];

/** A comment takes 65,536; findings come after the difference. */
const mostCharacters = 50_000;

/**
 * Writes a difference as Markdown, for a pull request, as much of it as fits a comment. Its texts can neither link nor
 * mention a person.
 */
export function renderMarkdown(difference: Difference): string {
  const title = `### ${code(difference.stack)} compared with ${code(difference.from)}: ${countsOf(difference)}`;
  const bodies = sizes.map((size) => [title, ...renderSections(difference, size)].join("\n\n"));
  return (
    bodies.find(({ length }) => length <= mostCharacters) ??
    `${title}\n\nThe difference is too long for a comment; the same command without --markdown prints it.`
  );
}

/** Writes text of several lines, such as findings, as it stands. */
export function preformatted(text: string): string {
  return `<pre>${escaped(text)}</pre>`;
}

function renderSections(difference: Difference, size: Size): string[] {
  const { dangerous, replaced, places, regions } = sectionsOf(difference);
  return [
    ...(dangerous.length > 0
      ? [
          "**Data is lost, or `pulumi up` refuses it:**",
          table(
            dangerous.map((change) => row(change, size, dangersOf(change))),
            size,
          ),
        ]
      : []),
    ...(replaced.length > 0
      ? [
          "**Replaced:**",
          table(
            replaced.map((change) => row(change, size)),
            size,
          ),
        ]
      : []),
    ...(regions.length > 0 ? [regions.map((line) => `- ${code(line)}`).join("\n")] : []),
    ...places.flatMap((place) => renderPlace(place, size)),
    ...(difference.notKnown.length > 0
      ? [`Not known before a preview:\n\n${difference.notKnown.map((line) => `- ${code(line)}`).join("\n")}`]
      : []),
  ];
}

function renderPlace({ service, layer, updated, deleted, created, built }: PlaceChanges, size: Size): string[] {
  const rows = [
    ...listRows("**delete**", deleted, size),
    ...updated.map((change) => row(change, size)),
    ...built.map((change) => row({ ...change, properties: [] }, size, ["new build"])),
    ...listRows("create", created, size),
  ];
  return [`**${code(service)}, ${layer}**`, table(rows, size)];
}

function row(change: RegionalChange, { properties }: Size, reasons: readonly string[] = []): string {
  const { operation, name, type, regions } = change;
  const texts = propertyTexts(change, properties).map(code);
  const what = [...reasons.map((reason) => `**${reason}**`), ...texts];
  const bold = operation === "replace" || operation === "delete" ? `**${operation}**` : operation;
  return `| ${bold} | ${code(name)} | ${code(shortType(type))} | ${regions.map(code).join(", ")} | ${what.join("<br>")} |`;
}

function listRows(operation: string, changes: readonly RegionalChange[], size: Size): string[] {
  return listedByRegion(changes).map(({ regions, names }) => {
    const rest = names.length - size.rows;
    const shown = [...names.slice(0, size.rows).map(code), ...(rest > 0 ? [`${rest} more`] : [])];
    return `| ${operation} | ${countedResources(names.length)} |  | ${regions.map(code).join(", ")} | ${shown.join(", ")} |`;
  });
}

function table(rows: readonly string[], { rows: most }: Size): string {
  const rest = rows.length - most;
  return [
    "| change | resource | type | regions | what |",
    "|---|---|---|---|---|",
    ...rows.slice(0, most),
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
