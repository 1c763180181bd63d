import { shortType } from "../tree";
import type { Difference } from "./difference";
import {
  countsOf,
  listedByRegion,
  type PlaceChanges,
  propertyTexts,
  type RegionalChange,
  sectionsOf,
} from "./sections";

/** Most inputs of a resource that are listed. */
const mostProperties = 8;
/** Columns of the lines of a list. */
const columns = 110;

/** Writes a difference for people: what is lost first, then replacements, then the rest by service and layer. */
export function renderDifference(difference: Difference): string {
  const { dangerous, replaced, places, regions } = sectionsOf(difference);
  return [
    `${difference.stack}, compared with ${difference.from}: ${countsOf(difference)}`,
    ...section("DATA IS LOST, OR PULUMI REFUSES IT", dangerous.flatMap(renderDangerous)),
    ...section("replaced", replaced.flatMap(renderReplaced)),
    ...section("regions", regions),
    ...places.flatMap((place) => section(`${place.service}, ${place.layer}`, renderPlace(place))),
    ...section("not known before a preview", difference.notKnown),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}

function renderDangerous(change: RegionalChange): string[] {
  return [
    `! ${change.operation} ${titleOf(change)}`,
    ...propertyLines(change),
    ...dangersOf(change).map((danger) => `    ${danger}`),
  ];
}

/** Says why a change is dangerous, a sentence each. */
export function dangersOf({ losesData, refused, operation }: RegionalChange): string[] {
  return [
    ...(losesData ? ["what it keeps is lost"] : []),
    ...(refused ? [`protected: pulumi up refuses to ${operation} it`] : []),
  ];
}

function renderReplaced(change: RegionalChange): string[] {
  return [
    `± ${titleOf(change)}${change.service === undefined ? "" : `, of ${change.service}`}`,
    ...propertyLines(change),
  ];
}

function renderPlace({ updated, deleted, created, built }: PlaceChanges): string[] {
  return [
    ...built.map((change) => `± new build: ${change.operation} ${titleOf(change)}`),
    ...updated.flatMap((change) => [`~ ${titleOf(change)}`, ...propertyLines(change)]),
    ...renderList("-", deleted),
    ...renderList("+", created),
  ];
}

/** Writes the names of resources as lines that are filled, as nothing more is to be said of each. */
function renderList(sign: string, changes: readonly RegionalChange[]): string[] {
  return listedByRegion(changes).flatMap(({ regions, names }) => {
    const words = [
      `${names.length} in ${regions.join(", ") || "no region"}:`,
      ...names.map((name, i) => (i < names.length - 1 ? `${name},` : name)),
    ];
    const lines: string[] = [];
    for (const word of words) {
      const line = lines.at(-1);
      if (line !== undefined && line.length + word.length < columns) lines[lines.length - 1] = `${line} ${word}`;
      else lines.push(lines.length === 0 ? `${sign} ${word}` : `    ${word}`);
    }
    return lines;
  });
}

/** Writes name, type and regions of a change. */
function titleOf({ name, type, regions }: RegionalChange): string {
  return `${name}  ${shortType(type)}${regions.length === 0 ? "" : `  ${regions.join(", ")}`}`;
}

function propertyLines(change: RegionalChange): string[] {
  return propertyTexts(change, mostProperties).map((text) => `    ${text}`);
}
