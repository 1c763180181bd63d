import { catalog, type ServiceName } from "../../apps/catalog";
import { readProject, withEverything } from "../../graph/project";
import { projectRoot } from "../../graph/project-root";
import { privateDomain } from "../../stacks/config/private-domain";
import { rawConfig } from "../../stacks/config/raw";
import { parseConfig } from "../../stacks/config/read";
import type { PlatformConfig } from "../../stacks/config/schema";
import { callsLeftOut, configuredServices } from "../../stacks/config/services";
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
    services: configuredServices(config, catalog).map(({ name, routes, legacyRoutes, gatewayRoutes }) => ({
      name,
      routes: routes.filter(isOwn),
      legacyRoutes: legacyRoutes.filter(isOwn),
      gatewayRoutes: gatewayRoutes.filter(isOwn),
      ...(callsLeftOut(config, catalog[name as ServiceName]) && { cannotCall: true }),
    })),
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

function failoverNamesOf({ services }: PlatformConfig): Pick<Expected, "failoverNames"> {
  const names = Object.entries(services).flatMap(([service, { failoverName }]) =>
    failoverName === undefined ? [] : [[service, failoverName] as const],
  );
  return names.length === 0 ? {} : { failoverNames: Object.fromEntries(names) };
}

function privateApiOf(config: PlatformConfig): Pick<Expected, "privateApi"> {
  const calls = configuredServices(config, catalog).flatMap((service) => service.calls);
  const paths = [...new Set(calls.map(({ route }) => route.path))].sort();
  return paths.length === 0 ? {} : { privateApi: { name: privateDomain(config), paths } };
}

function restOf({ gateways: { rest }, tenants }: PlatformConfig): Pick<Expected, "rest"> {
  if (rest === undefined) return {};
  const { domain: name, services, stages = [] } = rest;
  return { rest: { name, services, stages, ...(tenants === undefined ? {} : { tiers: tenants.tiers }) } };
}
