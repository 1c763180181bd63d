import * as pulumi from "@pulumi/pulumi";
import { bundle, bundleWeb } from "../apps/bundle";
import { catalog } from "../apps/catalog";
import { referenceArtifact } from "../apps/reference/artifact";
import { computePatterns } from "../infra/compute/registry";
import { routeCallerApp } from "../infra/compute/route-caller";
import { changeReaderApp, hasQueues } from "../infra/messaging/messaging";
import { withOutsideContracts } from "./config/outside-images";
import { readConfig } from "./config/read";
import { type ConfiguredService, configuredServices } from "./config/services";
import { publishedDocuments } from "./openapi/documents";
import type { StackOutputs } from "./outputs";
import { withoutPackageFrames } from "./package-frames";
import { platformApps } from "./platform-apps";
import { deploy } from "./program";
import { References } from "./references";
import { checkStackName, type Layer, ownsLayer, parseStackName } from "./stack-name";

/** Runs the program; `pulumi up` and the offline plan both call it. @returns the stack outputs */
async function main(): Promise<StackOutputs> {
  try {
    return await run();
  } catch (error) {
    throw withoutPackageFrames(error);
  }
}

async function run(): Promise<StackOutputs> {
  const stackName = parseStackName(pulumi.getStack());
  const config = readConfig(stackName.environment);
  checkStackName(stackName, config.regions);
  const contracts = withOutsideContracts(catalog, config);
  const services = configuredServices(config, contracts);
  const owns = (layer: Layer) => config.regions.some((region) => ownsLayer(stackName, layer, region.name));
  const apps = [...(owns("compute") ? deployedApps(services) : []), ...platformApps(config, services, owns)];
  // What a plan without the engine names is never deployed, so it fetches nothing.
  const built = await bundle(apps, { packages: pulumi.runtime.hasEngine() });
  const { environment } = stackName;
  const documents = () => publishedDocuments({ environment, config, services, contracts });
  const artifacts = built["reference"]
    ? { ...built, reference: referenceArtifact(built["reference"], environment, documents()) }
    : built;
  const qualify = (stack: string) => `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
  const references = new References(stackName, qualify);
  const [primary] = config.regions;
  const hasWeb = config.web !== undefined && ownsLayer(stackName, "edge", primary!.name);
  const webApp = hasWeb ? { assets: await bundleWeb(), titles: titlesOf(contracts) } : undefined;
  return deploy({ stackName, config, services, artifacts, references, ...(webApp ? { webApp } : {}) });
}

/** Returns what people call each service. */
function titlesOf(contracts: Readonly<Record<string, { readonly title: string }>>): Record<string, string> {
  return Object.fromEntries(Object.entries(contracts).map(([name, { title }]) => [name, title]));
}

/**
 * Returns the apps that an environment deploys: its services, the function that calls servers by the clock and hands messages
 * to them, and the one that makes messages of changes.
 */
function deployedApps(services: readonly ConfiguredService[]): string[] {
  const needsCaller = services.some(
    (service) =>
      (service.needs.schedules.length > 0 || hasQueues(service)) &&
      computePatterns[service.pattern].backendKind(service.settings) !== "function",
  );
  return [
    ...services.flatMap(({ name, image }) => (image === undefined ? [name] : [])),
    ...(needsCaller ? [routeCallerApp] : []),
    ...(services.some(({ publishes }) => publishes) ? [changeReaderApp] : []),
  ];
}

export = main;
