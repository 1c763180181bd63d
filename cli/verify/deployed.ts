import { AddressRegions } from "../../verify/deployed/address-regions";
import { type ReadOutputs, readOutputs } from "../../verify/deployed/stack-outputs";
import { type Credentials, deployedTokens } from "../../verify/deployed/tokens";
import { dynamoTables } from "../../verify/marked-items";
import type { Door, Expected, Target } from "../../verify/target";
import { loadOutputs } from "../stack-outputs";
import { expectedOf } from "./expected";

/** Where a deployed environment is described. */
export interface DeployedOptions {
  readonly environment: string;
  /** File of stack outputs, `-` for stdin; unset: `pulumi stack output`. */
  readonly outputs?: string;
  /** The name clients call, without any outputs: regional names are derived from it, tables stay unknown. */
  readonly url?: string;
  /** `tenantToken` is an access token of a tenant's user. */
  readonly credentials: Credentials & { readonly tenantToken?: string };
}

/** A deployed environment, as something to verify. @throws {UserError} one sentence */
export async function deployedTarget({ environment, outputs, url, credentials }: DeployedOptions): Promise<Target> {
  const expected = expectedOf(environment);
  const read =
    url === undefined ? readOutputs(await loadOutputs(environment, outputs), expected) : namesOf(url, expected);
  const { tables, globalName, regionalNames, signInUrl, serviceClientId } = read;
  const clientId = credentials.clientId ?? serviceClientId;
  const token = deployedTokens({ ...credentials, ...(clientId ? { clientId } : {}) }, signInUrl);
  const addresses = new AddressRegions(expected.regions);
  return {
    title: `${environment} at https://${globalName}`,
    expected,
    global: door("global", globalName),
    regions: Object.fromEntries(
      expected.regions.map((region) => [region, { ...door(region, regionalNames[region]!), region }]),
    ),
    regionsOf: (name) => addresses.of(name),
    ...restDoors(expected),
    services: Object.entries(expected.failoverNames ?? {}).map(([service, name]) => door(service, name)),
    ...tenantsOf(credentials),
    ...(token ? { token } : { tokenMissing: "no token; set PLATFORM_CLIENT_SECRET or PLATFORM_TOKEN" }),
    ...(Object.keys(tables).length > 0 ? { tables: dynamoTables({ tables, regions: expected.regions }) } : {}),
  };
}

/** Returns the names of the REST API: the one that fails over, and the own ones of regions after the first. */
function restDoors({ rest, regions }: Expected): Pick<Target, "rest"> {
  if (rest === undefined) return {};
  const others = regions.slice(1).map((region) => door(`rest-${region}`, `${region}.${rest.name}`));
  return { rest: [door("rest", rest.name), ...others] };
}

/** A tenant's token that the caller has stands for every tier: nothing is made on AWS to verify it. */
function tenantsOf({ tenantToken }: DeployedOptions["credentials"]): Pick<Target, "tenants" | "tenantsMissing"> {
  if (tenantToken === undefined) return { tenantsMissing: "no tenant's token; set PLATFORM_TENANT_TOKEN" };
  return { tenants: { token: async () => tenantToken, remove: async () => undefined } };
}

function door(label: string, name: string): Door {
  return { label, name, origin: `https://${name}` };
}

function namesOf(url: string, { regions }: Expected): ReadOutputs {
  const { hostname } = new URL(url);
  return {
    tables: {},
    globalName: hostname,
    regionalNames: Object.fromEntries(regions.map((region) => [region, `${region}.${hostname}`])),
  };
}
