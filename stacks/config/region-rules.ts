import { planVpc } from "../../infra/network/vpc-plan";
import { overlaps, parseVpcBlock } from "../../infra/traffic/ipv4";
import { zoneLetters, zonesPerAccount } from "./aws-regions";
import { type ConfigProblem, formatValue } from "./problems";
import type { EnvironmentClass, PlatformConfig } from "./schema";

type Regions = PlatformConfig["regions"];
type Problems = Iterable<ConfigProblem>;

/**
 * Returns the problems of regions: their names, zones, addresses and images.
 * @param environmentClass  `production` has more rules @default unset, as the class is invalid
 */
export function* regionProblems(regions: Regions, environmentClass?: EnvironmentClass): Problems {
  for (const [i, { name }] of regions.entries()) {
    if (regions.findIndex((other) => other.name === name) < i) {
      yield {
        path: `regions[${i}].name`,
        text: `must differ from the primary region, got ${formatValue(name)} twice; name another region`,
      };
    }
    yield* zoneProblems(`regions[${i}].zones`, regions[i]!, environmentClass);
  }
  yield* addressProblems(regions);
  yield* imageProblems(regions);
}

/** Checks zones for duplicates, their region, their letters and their number. */
function* zoneProblems(path: string, { name, zones }: Regions[number], environmentClass?: EnvironmentClass): Problems {
  const letters = zoneLetters[name] ?? "";
  for (const [z, zone] of zones.entries()) {
    const letter = zone.slice(-1);
    if (zone.slice(0, -1) !== name) {
      yield {
        path: `${path}[${z}]`,
        text: `must be a zone of ${name}, got ${formatValue(zone)}; try ${name}${letters.includes(letter) ? letter : letters[0]}`,
      };
    } else if (!letters.includes(letter)) {
      yield {
        path: `${path}[${z}]`,
        text: `must be a zone of ${name}, which has ${[...letters].join(", ")}, got ${formatValue(zone)}; name one of these, or add a newer zone to stacks/config/aws-regions.ts`,
      };
    }
    if (zones.indexOf(zone) < z) {
      yield { path: `${path}[${z}]`, text: `is named twice, got ${formatValue(zone)}; name another zone` };
    }
  }
  const most = zonesPerAccount[name] ?? letters.length;
  if (new Set(zones).size > most) {
    yield { path, text: `must be at most the ${most} that an account has in ${name}, got ${zones.length}; remove one` };
  }
  if (environmentClass === "production" && zones.length < 3) {
    yield { path, text: `must be at least 3 in production, got ${zones.length}; add a zone of ${name}` };
  }
}

function* addressProblems(regions: Regions): Problems {
  const valid: { path: string; cidr: string }[] = [];
  for (const [i, { cidr, zones }] of regions.entries()) {
    const path = `regions[${i}].cidr`;
    try {
      planVpc(cidr, zones.length);
    } catch (error) {
      yield { path, text: `cannot be used: ${(error as Error).message}` };
      continue;
    }
    const overlapping = valid.find((other) => overlaps(parseVpcBlock(other.cidr), parseVpcBlock(cidr)));
    if (overlapping) {
      const { path: otherPath, cidr: otherCidr } = overlapping;
      yield { path, text: `overlaps ${otherPath} (${otherCidr}), got ${formatValue(cidr)}; choose a block of its own` };
    }
    valid.push({ path, cidr });
  }
}

/** Refuses one image in two regions: every copy of an image has an id of its own. */
function* imageProblems(regions: Regions): Problems {
  for (const [i, { machineImage }] of regions.entries()) {
    if (machineImage === undefined) continue;
    if (regions.findIndex((other) => other.machineImage === machineImage) < i) {
      yield {
        path: `regions[${i}].machineImage`,
        text: `must be the image's id in this region, got ${formatValue(machineImage)} in two; name the copy of it`,
      };
    }
  }
}
