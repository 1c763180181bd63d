import { regionalDomainName } from "../../infra/dns/regional-names";
import { hostNameProblem, isReservedByRoute53 } from "./host-names";
import { type ConfigProblem, formatValue } from "./problems";
import type { PlatformConfig } from "./schema";

type Problems = Iterable<ConfigProblem>;
type Domain = PlatformConfig["domain"];

/**
 * Most characters of the first name of a certificate.
 * @see https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
 */
const CERTIFICATE_NAME = 64;

/** Returns the problems of the environment's domain names, and of those that the program derives from them. */
export function domainProblems({ zone, api }: Domain, regions: PlatformConfig["regions"]): Problems {
  return clientNameProblems({ path: "domain.api", name: api, example: `api.${zone}` }, zone, regions);
}

/** A name that clients call, where configuration has it, and one that would do. */
interface ClientName {
  readonly path: string;
  readonly name: string;
  readonly example: string;
}

/** Returns the problems of a name that clients call, and of the regions' names below it. */
export function* clientNameProblems(
  { path, name, example }: ClientName,
  zone: string,
  regions: PlatformConfig["regions"],
): Problems {
  if (name !== zone && !name.endsWith(`.${zone}`)) {
    yield { path, text: `must lie in the zone ${zone}, got ${formatValue(name)}; try "${example}"` };
  }
  if (name.length > CERTIFICATE_NAME) {
    yield {
      path,
      text: `must be at most ${CERTIFICATE_NAME} characters, as the first name of a certificate, got ${name.length} in ${formatValue(name)}; shorten it`,
    };
  }
  for (const region of regions) {
    const derived = regionalDomainName(name, region.name);
    const problem = hostNameProblem(derived);
    if (problem !== undefined) {
      yield {
        path,
        text: `makes the name ${formatValue(derived)}, which ${problem}, got ${derived.length}; shorten it`,
      };
    }
  }
}

/**
 * Returns the problem of an environment that still has the names of the example when it is deployed. Plans, previews
 * and the platform on one machine take them.
 */
export function* deploymentProblems({ zone }: Domain): Problems {
  if (isReservedByRoute53(zone)) {
    yield {
      path: "domain.zone",
      text: `must be a zone of your own before a deployment, as Route 53 refuses example.com and names below it, got ${formatValue(zone)}; set platform:domain to names that you have registered`,
    };
  }
}
