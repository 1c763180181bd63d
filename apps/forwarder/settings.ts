import { BlockList, isIPv4 } from "node:net";
import { type EnvironmentVariables, originsOf, requiredVariable } from "../kit/settings";

/** A service in Cloud Map, by the names that DiscoverInstances takes. */
export interface Target {
  readonly namespace: string;
  readonly service: string;
}

/** Settings of the forwarder, each from one environment variable. */
export interface ForwarderSettings {
  /**
   * TARGETS: services by the first segment of their routes' paths, or by a whole path, as JSON.
   * @example {"food-store":{"namespace":"dev.internal","service":"food-store"}}
   */
  readonly targets: ReadonlyMap<string, Target>;
  /**
   * ADDRESS_RANGES: IPv4 ranges of the VPC, separated by commas, such as `10.0.0.0/16`. A server with an address outside
   * them is never connected to. `127.0.0.0/8` where the servers run on this machine.
   */
  readonly allowedAddresses: Pick<BlockList, "check">;
  /** CORS_ORIGINS: origins whose pages may read the forwarder's own refusals, separated by commas. */
  readonly corsOrigins: readonly string[];
  /**
   * Whether the SDK must not put `data-` before the host name of Cloud Map's endpoint: when
   * AWS_ENDPOINT_URL_SERVICEDISCOVERY gives it, which has no variant for DiscoverInstances.
   */
  readonly disableHostPrefix: boolean;
}

/**
 * Reads the settings of the forwarder. The AWS SDK also needs AWS_REGION, which Lambda sets.
 * @throws {Error} one sentence that names the environment variable that is missing or invalid
 */
export function forwarderSettings(env: EnvironmentVariables): ForwarderSettings {
  const text = (name: string) => requiredVariable("forwarder", env, name);
  return {
    targets: parseTargets(text("TARGETS")),
    allowedAddresses: parseRanges(text("ADDRESS_RANGES")),
    corsOrigins: originsOf(env),
    disableHostPrefix: env["AWS_ENDPOINT_URL_SERVICEDISCOVERY"] !== undefined,
  };
}

function parseTargets(json: string): ForwarderSettings["targets"] {
  const invalid = new Error(
    `forwarder: TARGETS must be JSON such as {"food-store":{"namespace":"dev.internal","service":"food-store"}}, got ${JSON.stringify(json.slice(0, 200))}; set the environment variable TARGETS`,
  );
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw invalid;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid;
  const entries = Object.entries(value as Record<string, Partial<Target> | null>);
  return new Map(
    entries.map(([segment, target]) => {
      const { namespace, service } = target ?? {};
      if (typeof namespace !== "string" || typeof service !== "string" || !namespace || !service) throw invalid;
      return [segment, { namespace, service }];
    }),
  );
}

function parseRanges(text: string): BlockList {
  const ranges = new BlockList();
  for (const range of text.split(",")) {
    const [, address, prefix] = /^([\d.]{7,15})\/(\d{1,2})$/.exec(range) ?? [];
    if (address === undefined || !isIPv4(address) || Number(prefix) > 32) {
      throw new Error(
        `forwarder: ADDRESS_RANGES must be IPv4 ranges such as 10.0.0.0/16, separated by commas, got ${JSON.stringify(range)}; set the environment variable ADDRESS_RANGES`,
      );
    }
    ranges.addSubnet(address, Number(prefix));
  }
  return ranges;
}
