import { shown } from "../ask";
import type { Check } from "../check";
import type { Target } from "../target";
import { gatewayBody, isBody } from "./answers";

/** Each region's own name leads to that region, and the names that fail over to the primary while it is healthy. */
export function nameChecks(target: Target): Check[] {
  const { global, regions, expected, services = [] } = target;
  const [primary] = expected.regions;
  const leads = (id: string, name: string, region: string): Check => ({
    id: `names/${id}`,
    expected: `${name} leads to ${region}`,
    run: async () => {
      const found = await target.regionsOf(name);
      return found.length === 1 && found[0] === region ? undefined : found.join(" and ") || "no address";
    },
  });
  return [
    leads("global", global.name, primary!),
    ...services.map(({ label, name }) => leads(label, name, primary!)),
    ...expected.regions.map((region) => leads(region, regions[region]!.name, region)),
    ...expected.regions.flatMap((region) => otherNameChecks(target, region)),
  ];
}

/** A region's gateway refuses the name of another one. */
function otherNameChecks({ regions, expected }: Target, region: string): Check[] {
  return expected.regions
    .filter((other) => other !== region)
    .map((other) => ({
      id: `names/${region}/other`,
      expected: `the gateway of ${region} refuses the name of ${other} with 403`,
      run: async ({ ask }) => {
        const path = "/verify-none";
        const answer = await ask(regions[region]!, { path, host: regions[other]!.name });
        // 421: a front that knows which names its certificate is for.
        const refused = answer.status === 421 || (answer.status === 403 && isBody(answer, gatewayBody("Forbidden")));
        return refused ? undefined : shown(answer);
      },
    }));
}
