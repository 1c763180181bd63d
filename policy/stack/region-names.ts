import { flatTexts } from "./read";

/**
 * A region or zone that is the whole of a name's part: in ARNs, host names, and as a value. A resource's name that
 * begins with a region, such as that of a global table, calls no other region.
 */
const region =
  /(?<![\w-])((?:af|ap|ca|eu|il|me|mx|sa|us)(?:-gov)?-(?:central|east|north|northeast|northwest|south|southeast|southwest|west)-\d)[a-f]?(?![\w-])/g;

/** AWS regions that a value names, anywhere inside it. */
export function regionsIn(value: unknown): Set<string> {
  return new Set(flatTexts(value).flatMap((one) => [...one.matchAll(region)].map((found) => found[1] ?? "")));
}
