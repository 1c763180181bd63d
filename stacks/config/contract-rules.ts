import type { ServiceContract, TableSpec } from "../../apps/kit/contract";
import { derivedNames } from "../../infra/naming/derived-names";
import { type ConfigProblem, formatValue } from "./problems";
import { routesOf, serviceRouteProblems, sharedRouteProblems } from "./route-rules";
import type { PlatformConfig } from "./schema";

type Contracts = Readonly<Record<string, ServiceContract>>;
type Problems = Iterable<ConfigProblem>;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const tableLimits = { indexes: 20, attributeBytes: 255 } as const;

/** First segments of paths that the platform has, and what its resources are called. */
const reservedNames: readonly string[] = ["docs", "reference", "tenant", "usage"];

/**
 * Returns the problems of the contracts: what AWS would refuse, each by itself and all of them together.
 * @param configured  services whose port stands in the configuration
 */
export function* contractProblems(
  contracts: Contracts,
  regions: PlatformConfig["regions"],
  configured: readonly string[] = [],
): Problems {
  const known = Object.entries(contracts);
  for (const [key, contract] of known) {
    const path = `services.${key}`;
    yield* nameProblems(path, key, contract, regions);
    yield* serviceRouteProblems(path, contract);
    if (contract.table !== undefined) yield* tableProblems(path, contract.table);
  }
  yield* portProblems(known, configured);
  yield* sharedRouteProblems(known);
}

/** Checks the name of a service, and the longest of the names that the program derives from it. */
function* nameProblems(
  path: string,
  key: string,
  contract: ServiceContract,
  regions: PlatformConfig["regions"],
): Problems {
  const { name } = contract;
  if (name !== key) {
    yield { path, text: `must be listed under its own name, got ${formatValue(name)}; correct apps/catalog.ts` };
  }
  if (!/^[a-z](-?[a-z0-9])*$/.test(name)) {
    yield {
      path,
      text: `must be named in lower-case letters, digits and single inner hyphens, got ${formatValue(name)}; rename it in its contract`,
    };
    return;
  }
  if (reservedNames.includes(name)) {
    yield {
      path,
      text: `must have another name than ${reservedNames.join(", ")}, which the platform's own paths have, got ${formatValue(name)}; rename it in its contract`,
    };
  }
  const ids = routesOf(contract).map(({ id }) => id);
  const excess = ({ name: each, limit }: { name: string; limit: number }) => each.length - limit;
  const [longest] = ["", ...regions.map((region) => region.name)]
    .flatMap((region) => derivedNames(region, name, ids))
    .sort((one, other) => excess(other) - excess(one));
  if (longest !== undefined && excess(longest) > 0) {
    yield {
      path,
      text: `makes too long a name for ${longest.of}, which takes at most ${longest.limit} characters, got ${longest.name.length}; shorten the name in its contract by ${excess(longest)}`,
    };
  }
}

/**
 * Checks keys and indexes of a table.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 */
function* tableProblems(path: string, { hashKey, indexes }: TableSpec): Problems {
  const names = indexes.map(({ name }) => name);
  if (indexes.length > tableLimits.indexes) {
    yield {
      path,
      text: `must have at most ${tableLimits.indexes} indexes, which DynamoDB takes per table, got ${indexes.length}; remove some from its contract`,
    };
  }
  for (const [i, name] of names.entries()) {
    if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) {
      yield {
        path,
        text: `must name indexes with 3-255 letters, digits, _, - and ., got ${formatValue(name)}; rename it in its contract`,
      };
    }
    if (names.indexOf(name) < i) {
      yield {
        path,
        text: `must name each index differently, got ${formatValue(name)} twice; rename one in its contract`,
      };
    }
  }
  for (const key of new Set([hashKey, ...indexes.map((index) => index.hashKey)])) {
    const bytes = Buffer.byteLength(key);
    if (bytes >= 1 && bytes <= tableLimits.attributeBytes) continue;
    yield {
      path,
      text: `must name key attributes with 1-${tableLimits.attributeBytes} bytes, got ${formatValue(key)}; rename it in its contract`,
    };
  }
}

function* portProblems(
  known: readonly (readonly [string, ServiceContract])[],
  configured: readonly string[],
): Problems {
  for (const [i, [key, { port }]] of known.entries()) {
    const isConfigured = configured.includes(key);
    const path = `services.${key}${isConfigured ? ".port" : ""}`;
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      yield { path, text: `must listen on a port from 1 to 65535, got ${port}; change it in its contract` };
    }
    const other = known.slice(0, i).find(([, contract]) => contract.port === port);
    if (other) {
      yield {
        path,
        text: `must listen on a port of its own, got ${port}, the port of ${other[0]}; change it${isConfigured ? "" : " in its contract"}`,
      };
    }
  }
}
