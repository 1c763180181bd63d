import * as pulumi from "@pulumi/pulumi";
import { bundle } from "../apps/bundle";
import { catalog } from "../apps/catalog";
import { readConfig } from "./config/read";
import { configuredServices } from "./config/services";
import type { StackOutputs } from "./outputs";
import { ownFrames } from "./own-frames";
import { deploy } from "./program";
import { References } from "./references";
import { checkStackName, owns, parseStackName } from "./stack-name";

/** The program: what `pulumi up` and the offline plan run. */
async function main(): Promise<StackOutputs> {
  try {
    return await run();
  } catch (error) {
    throw ownFrames(error);
  }
}

async function run(): Promise<StackOutputs> {
  const own = parseStackName(pulumi.getStack());
  const config = readConfig(own.environment);
  checkStackName(own, config.regions);
  const services = configuredServices(config, catalog);
  const builds = config.regions.some((region) => owns(own, "compute", region.name));
  const artifacts = builds ? await bundle(services.map((service) => service.name)) : {};
  const qualify = (stack: string) => `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
  return deploy({ own, config, services, artifacts, references: new References(own, qualify) });
}

export = main;
