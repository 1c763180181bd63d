import { UserError } from "../../graph/user-error";
import { signIn } from "../../local/cognito/sign-in";
import { operatorKeys } from "../../local/iam/access";
import { signedHeaders } from "../../local/iam/sigv4/signed-headers";
import type { Endpoints } from "../../local/state/endpoints";
import { readOutputs } from "../../verify/deployed/stack-outputs";
import { dynamoTables } from "../../verify/marked-items";
import type { Expected, PrivateDoor, Target } from "../../verify/target";
import { readState } from "../running-platform";
import { expectedHere } from "./expected";
import { localTenants } from "./tenants";

/**
 * The platform that runs on this machine, as something to verify: names are resolved by its Route 53, tokens come from
 * its sign-in, items are removed from its store, tenants are made for it.
 * @param known  what is expected of it; default: what the configuration files say
 * @param folder  of the platform, which tenants need; default: it is not known, and nothing is done as a tenant
 * @throws {UserError} when nothing answers, or the platform still starts
 */
export async function localTarget(consoleUrl: string, known?: Expected, folder?: string): Promise<Target> {
  const state = await readState(consoleUrl);
  const { endpoints, outputs } = state;
  if (endpoints === undefined) throw new UserError(`the platform at ${consoleUrl} still starts; try again`);
  const expected = known ?? expectedHere(state.stack);
  const { tables, regionalNames } = readOutputs(outputs, expected);
  const regions = expected.regions.map((region) => {
    const origin = endpoints.regions[region]?.http;
    if (origin === undefined) throw new UserError(`the platform at ${consoleUrl} does not run ${region}`);
    return [region, { label: region, region, name: regionalNames[region]!, origin }] as const;
  });
  return {
    title: `${state.stack} on this machine, ${consoleUrl}`,
    expected,
    global: { label: "global", name: expected.apiName, origin: endpoints.global },
    regions: Object.fromEntries(regions),
    ...restDoors(expected, endpoints),
    privateDoors: privateDoors(expected, endpoints),
    services: Object.entries(expected.failoverNames ?? {}).map(([label, name]) => ({
      label,
      name,
      origin: endpoints.global,
    })),
    ...(folder === undefined
      ? { tenantsMissing: "no tenant's token; name the platform's folder with --state in the place of --url" }
      : { tenants: localTenants(folder, endpoints.issuer) }),
    regionsOf: async (name) => {
      const region = (await readState(consoleUrl)).names[name];
      return region === undefined ? [] : [region];
    },
    token: async (scopes) =>
      (await signIn({ issuerUrl: endpoints.issuer, user: "verify", scopes, groups: "all" })).accessToken,
    tables: dynamoTables({ tables, regions: expected.regions, endpoint: endpoints.dynamodb }),
  };
}

/** Returns the private APIs, which this machine reaches as if it were in each VPC; who asks is the account's administrator. */
function privateDoors({ regions }: Expected, { regions: running }: Endpoints): PrivateDoor[] {
  return regions.flatMap((region) => {
    const origin = running[region]?.private;
    if (origin == null) return [];
    const { host } = new URL(origin);
    const scope = { region, service: "execute-api" };
    const signed = async (url: string) =>
      signedHeaders({ method: "GET", url, headers: { host }, body: "" }, operatorKeys, scope);
    return [{ label: `inside-${region}`, name: host, origin, signed }];
  });
}

/** Returns the names of the REST API: the one that fails over, and the own ones of regions after the first. */
function restDoors({ rest, regions }: Expected, { global, regions: running }: Endpoints): Pick<Target, "rest"> {
  if (rest === undefined) return {};
  const others = regions.slice(1).map((region) => ({
    label: `rest-${region}`,
    name: `${region}.${rest.name}`,
    origin: running[region]!.rest!,
  }));
  return { rest: [{ label: "rest", name: rest.name, origin: global }, ...others] };
}
