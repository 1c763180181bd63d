import { readContractFile } from "../../apps/contract-file";
import type { ServiceContract } from "../../apps/kit/contract";
import { type OutsideContract, outsideService } from "../../apps/kit/outside-service";
import type { OutsideImage } from "../../infra/compute/ecs/program";
import { type ConfigProblem, formatValue } from "./problems";
import type { ServiceConfig } from "./schema";

type Problems = Iterable<ConfigProblem>;
type Services = Readonly<Record<string, ServiceConfig>>;

/** User that an image runs as by default; it owns nothing in most images. */
const defaultUser = "1000";

/** Returns how a service's image runs; undefined for a service of apps/. */
export function outsideImageOf(service: ServiceConfig): OutsideImage | undefined {
  const { image: reference, healthPath, container = {} } = service;
  if (reference === undefined) return undefined;
  const { architecture = "arm64", user = defaultUser, command } = container;
  return { reference, healthPath: healthPath!, architecture, user, ...(command && { command }) };
}

/** The contracts of services by images from outside, and the problems of their files. */
interface OutsideContracts {
  readonly contracts: Readonly<Record<string, OutsideContract>>;
  readonly problems: readonly ConfigProblem[];
}

/**
 * Reads the contracts of the services that run images from outside.
 * @param services  those whose values have the right types; one that lacks a key is left out, as `outsideImageProblems` says why
 */
export function readOutsideContracts(services: Services): OutsideContracts {
  const contracts: Record<string, OutsideContract> = {};
  const problems: ConfigProblem[] = [];
  for (const [name, { image, port, healthPath, contract: file }] of Object.entries(services)) {
    if (image === undefined || port === undefined || healthPath === undefined || file === undefined) continue;
    try {
      contracts[name] = outsideService(readContractFile(file), { name, port, healthPath, file });
    } catch (error) {
      const { message } = error as Error;
      const start = `service "${name}": ${file} `;
      const text = message.startsWith(start) ? `at ${message.slice(start.length)}` : message;
      problems.push({ path: `services.${name}.contract`, text });
    }
  }
  return { contracts, problems };
}

/**
 * Returns the contracts of all services of an environment: those of the catalog, and those of images from outside.
 * @param config  checked, so that the files can be read
 */
export function withOutsideContracts<Known extends Readonly<Record<string, ServiceContract>>>(
  catalog: Known,
  { services }: { readonly services: Services },
): Known & Readonly<Record<string, OutsideContract>> {
  return { ...catalog, ...readOutsideContracts(services).contracts };
}

/** Keys that say how an image from outside runs. */
const imageKeys = ["port", "healthPath", "contract", "container"] as const;
const purposes = {
  port: "the port that the image listens on",
  healthPath: "a path of the image that answers 200 while it works",
  contract: "the OpenAPI file in contracts/ that has its routes",
} as const;

/**
 * Returns the problems of the keys of a service that concern an image from outside.
 * @param path  `services.<name>`
 * @param inCatalog  whether apps/catalog.ts has a service of that name
 */
export function* outsideImageProblems(path: string, service: ServiceConfig, inCatalog: boolean): Problems {
  const { image, pattern, ecs } = service;
  if (image === undefined) {
    const alone = imageKeys.find((key) => service[key] !== undefined);
    if (alone === undefined) return;
    yield {
      path: `${path}.${alone}`,
      text: `must stand with an image, got ${formatValue(service[alone])} without one; add image, or remove it`,
    };
    return;
  }
  if (inCatalog) {
    const text = `must be of a service that is not in apps/catalog.ts, got ${formatValue(image)}; rename the service, or remove it`;
    yield { path: `${path}.image`, text };
  }
  if (pattern !== "ecs") {
    const text = `must be ecs, as nothing else runs an image from outside, got ${formatValue(pattern)}; set it, or remove image`;
    yield { path: `${path}.pattern`, text };
  }
  if (ecs.ingress !== "alb") {
    const text = `must be alb, as the balancer alone can check and drain an image that knows nothing of the platform, got ${formatValue(ecs.ingress)}; remove it`;
    yield { path: `${path}.ecs.ingress`, text };
  }
  for (const [key, purpose] of Object.entries(purposes)) {
    if (service[key as keyof typeof purposes] === undefined)
      yield { path: `${path}.${key}`, text: `is missing, as the service runs an image; set ${purpose}` };
  }
}
