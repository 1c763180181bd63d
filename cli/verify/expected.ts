import { catalog, type ServiceName } from "../../apps/catalog";
import { readProject, withEverything } from "../../graph/project";
import { projectRoot } from "../../graph/project-root";
import { issuersOf } from "../../stacks/config/issuers";
import { withOutsideContracts } from "../../stacks/config/outside-images";
import { privateDomain } from "../../stacks/config/private-domain";
import { rawConfig } from "../../stacks/config/raw";
import { parseConfig } from "../../stacks/config/read";
import { healthRoutes } from "../../stacks/config/route-rules";
import type { PlatformConfig } from "../../stacks/config/schema";
import { type ConfiguredService, callsLeftOut, configuredServices } from "../../stacks/config/services";
import type { Expected } from "../../verify/target";

/**
 * Says what an environment must do, from `Pulumi.<environment>.yaml` and the services' contracts.
 * @param values  replaces the configuration files; full keys, values as the CLI hands them over
 * @throws {RunError | UserError} when the configuration is missing or wrong
 */
export function expectedOf(environment: string, values?: Readonly<Record<string, string>>): Expected {
  const files = readProject(projectRoot, environment);
  const config = parseConfig(rawConfig(files.project, values ?? files.config), environment, catalog);
  return {
    environment,
    apiName: config.domain.api,
    regions: config.regions.map(({ name }) => name),
    corsOrigins: config.cors.origins,
    services: configuredServices(config, withOutsideContracts(catalog, config)).map(expectedService(config)),
    ...(config.issuers ? { issuers: issuersOf(config.issuers) } : {}),
    ...restOf(config),
    ...privateApiOf(config),
    ...failoverNamesOf(config),
  };
}

/** Says what an environment must do on this machine, where no part of it is left out. @throws as `expectedOf` */
export function expectedHere(environment: string): Expected {
  const { project, config } = readProject(projectRoot, environment);
  return expectedOf(environment, withEverything(project, config));
}

/** Tells whether a route is one of its contract, not one more path of such a route. */
function isOwn({ former }: { readonly former?: object }): boolean {
  return former === undefined;
}

/** Returns what a service must do. Of an image from outside only its health is known. */
function expectedService(config: PlatformConfig) {
  const contracts = withOutsideContracts(catalog, config);
  return ({
    name,
    image,
    routes,
    legacyRoutes,
    gatewayRoutes,
    workRoutes,
  }: ConfiguredService): Expected["services"][number] => ({
    name,
    routes: image === undefined ? routes.filter(isOwn) : routes.filter(({ id }) => Object.hasOwn(healthRoutes, id)),
    legacyRoutes: legacyRoutes.filter(isOwn),
    gatewayRoutes: gatewayRoutes.filter(isOwn),
    workRoutes: contracts[name]!.workRoutes.filter((route) => workRoutes.some(({ id }) => id === route.id)),
    formerRoutes: [...routes, ...legacyRoutes].flatMap(({ former, ...route }) =>
      former ? [{ ...route, ...former }] : [],
    ),
    ...(image === undefined && callsLeftOut(config, catalog[name as ServiceName]) && { cannotCall: true }),
  });
}

function failoverNamesOf({ services }: PlatformConfig): Pick<Expected, "failoverNames"> {
  const names = Object.entries(services).flatMap(([service, { failoverName }]) =>
    failoverName === undefined ? [] : [[service, failoverName] as const],
  );
  return names.length === 0 ? {} : { failoverNames: Object.fromEntries(names) };
}

function privateApiOf(config: PlatformConfig): Pick<Expected, "privateApi"> {
  const calls = configuredServices(config, withOutsideContracts(catalog, config)).flatMap((service) => service.calls);
  const paths = [...new Set(calls.map(({ route }) => route.path))].sort();
  return paths.length === 0 ? {} : { privateApi: { name: privateDomain(config), paths } };
}

function restOf({ gateways: { rest }, tenants }: PlatformConfig): Pick<Expected, "rest"> {
  if (rest === undefined) return {};
  const { domain: name, services, stages = [] } = rest;
  return { rest: { name, services, stages, ...(tenants === undefined ? {} : { tiers: tenants.tiers }) } };
}
