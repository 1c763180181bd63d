import { shortType } from "../tree";
import type { Difference, PropertyChange } from "./difference";
import { countsOf, type PlaceChanges, type RegionalChange, sectionsOf } from "./sections";

/** Most inputs of a resource that are listed. */
const mostProperties = 8;

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
    ...deleted.map((change) => `- ${titleOf(change)}`),
    ...created.map((change) => `+ ${titleOf(change)}`),
  ];
}

/** Writes name, type and regions of a change. */
export function titleOf({ name, type, regions }: RegionalChange): string {
  return `${name}  ${shortType(type)}${regions.length === 0 ? "" : `  ${regions.join(", ")}`}`;
}

function propertyLines({ properties }: RegionalChange): string[] {
  const lines = properties.slice(0, mostProperties).map((property) => `    ${propertyText(property)}`);
  const rest = properties.length - lines.length;
  return [...lines, ...(rest > 0 ? [`    and ${rest} more`] : [])];
}

/** Writes what changes of one input. */
export function propertyText(property: PropertyChange): string {
  return `${property.path}: ${valuesOf(property)}${property.replaces ? "  (replaces)" : ""}`;
}

function valuesOf({ kind, before, after, source }: PropertyChange): string {
  if (kind === "build") return "new build";
  if (kind === "follows") return `known after the change of ${source}`;
  if (before === undefined) return `+ ${after}`;
  return after === undefined ? `- ${before}` : `${before} → ${after}`;
}
