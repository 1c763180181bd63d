import type { ServiceContract } from "../../apps/kit/contract";
import { formerVariables } from "../../infra/gateway/issuers/former-variables";
import { otherIssuers } from "../../infra/gateway/issuers/issuer-variables";
import { functionQuotas } from "../../infra/gateway/quotas";
import { routesByScope } from "../../infra/gateway/rest/tenants/routes-by-scope";
import { withFormer } from "./former-routes";
import type { IssuersConfig } from "./issuer-schema";
import { issuersOf } from "./issuers";
import { type ConfigProblem, formatValue } from "./problems";
import { routesOf, scopesOf } from "./route-rules";
import type { PlatformConfig } from "./schema";

type Problems = Iterable<ConfigProblem>;

/** Most issuers: each may cost a cold request a fetch of its keys, within the 10 s that API Gateway waits. */
const MOST_ISSUERS = 5;

/** Bytes of what an authorizer is told of issuers and routes: what its other variables leave of all that a function takes. */
const VARIABLE_BYTES = functionQuotas.variables.value - 1_096;

/** What issuers are checked against; a part is undefined when it has a problem of its own. */
interface IssuerContext {
  readonly contracts: Readonly<Record<string, ServiceContract>>;
  readonly tenants: PlatformConfig["tenants"];
  readonly tokens: PlatformConfig["tokens"] | undefined;
  readonly services: PlatformConfig["services"];
  readonly formerHeaders: PlatformConfig["formerHeaders"];
  /** @default invalid, as another problem says */
  readonly signIn: PlatformConfig["signIn"] | undefined;
}

/** Returns the problems of the issuers other than the user pool. */
export function* issuerProblems(issuers: IssuersConfig | undefined, context: IssuerContext): Problems {
  const entries = Object.entries(issuers ?? {});
  if (context.tokens?.pool === false && entries.length === 0) {
    yield {
      path: "tokens.pool",
      text: "must be true without platform:issuers, as no token at all would be admitted, got false; add an issuer",
    };
  }
  if (entries.length > MOST_ISSUERS) {
    yield { path: "issuers", text: `must be at most ${MOST_ISSUERS}, got ${entries.length}; remove some` };
  }
  for (const [i, [name, issuer]] of entries.entries()) {
    const path = `issuers.${name}`;
    if (!/^[a-z](-?[a-z0-9]){0,30}$/.test(name)) {
      yield {
        path,
        text: `must be 1-31 lower-case letters, digits and single inner hyphens, a letter first, got ${formatValue(name)}; rename it`,
      };
    }
    yield* identityProblems(path, issuer, entries.slice(0, i));
    yield* scopeProblems(`${path}.scopes`, issuer, context.contracts);
    yield* tenantProblems(`${path}.tenant`, issuer, context.tenants);
  }
  if (issuers || context.signIn?.regions === "each") yield* sizeProblems(issuers ?? {}, context);
}

/** Checks that a token belongs to one issuer, and that none is taken for the user pool's. */
function* identityProblems(
  path: string,
  { issuer }: IssuersConfig[string],
  before: readonly [string, IssuersConfig[string]][],
): Problems {
  if (/^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com\//.test(issuer)) {
    yield {
      path: `${path}.issuer`,
      text: `must be no user pool of Cognito, whose access tokens have no audience, got ${formatValue(issuer)}; name another issuer`,
    };
  }
  const same = before.find(([, each]) => each.issuer === issuer);
  if (same !== undefined) {
    yield {
      path: `${path}.issuer`,
      text: `must be an issuer of its own, got ${formatValue(issuer)}, which ${same[0]} is; join them`,
    };
  }
}

function* scopeProblems(
  path: string,
  { scopes = {} }: IssuersConfig[string],
  contracts: IssuerContext["contracts"],
): Problems {
  const known = scopesOf(contracts);
  for (const [own, platform] of Object.entries(scopes)) {
    for (const unknown of platform.filter((each) => !known.includes(each))) {
      yield {
        path: `${path}.${own}`,
        text: `must be scopes of services (${known.join(", ")}), got ${formatValue(unknown)}; correct it`,
      };
    }
  }
}

function* tenantProblems(
  path: string,
  { tenant }: IssuersConfig[string],
  tenants: PlatformConfig["tenants"],
): Problems {
  if (tenants === undefined) {
    if (tenant) yield { path, text: "needs platform:tenants, got none; remove it, or add tiers" };
    return;
  }
  const tiers = Object.keys(tenants.tiers);
  if (tenant === undefined) {
    yield {
      path,
      text: `is missing; with platform:tenants, say whose its users are: { name: acme, tier: ${tiers[0]} }`,
    };
  } else if (!tiers.includes(tenant.tier)) {
    yield {
      path: `${path}.tier`,
      text: `must be a tier of platform:tenants (${tiers.join(", ")}), got ${formatValue(tenant.tier)}; correct it`,
    };
  }
}

/** Checks that an authorizer can be told all of it: Lambda limits a function's variables. */
function* sizeProblems(issuers: IssuersConfig, { contracts, services, formerHeaders }: IssuerContext): Problems {
  const routes = Object.values(contracts).flatMap((contract) =>
    withFormer(routesOf(contract), services[contract.name]?.routes ?? {}, formerHeaders),
  );
  const variables = {
    ...otherIssuers(issuersOf(issuers)),
    ROUTES: JSON.stringify(routesByScope(routes)),
    ...formerVariables(routes),
  };
  const bytes = Buffer.byteLength(Object.entries(variables).flat().join(""));
  if (bytes > VARIABLE_BYTES) {
    yield {
      path: "issuers",
      text: `must take at most ${VARIABLE_BYTES} bytes together with the routes, as the authorizer has both in variables, got ${bytes}; map fewer scopes`,
    };
  }
}
