import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { PlannedResource } from "../../graph/model";
import { oneOf, unsupported } from "../unsupported";

/**
 * Reads from the configuration files in the `.ebextensions` folder of an artifact the age from which a server that its
 * balancer finds unhealthy is replaced. Beanstalk reads the files in the order of their names, and a later value counts.
 * @param folder  absolute path of the artifact
 * @returns undefined where the Auto Scaling group checks the instances only, as it does by default
 * @throws {UserError} when the files set anything else, because it would not be run here
 */
export function readBalancerGrace(beanstalkEnvironment: PlannedResource, folder: string): number | undefined {
  const files = configurationFiles(folder).map((file) => groupProperties(beanstalkEnvironment, file));
  const { HealthCheckType: type, HealthCheckGracePeriod: grace } = Object.assign({}, ...files);
  if (oneOf(beanstalkEnvironment, ".ebextensions HealthCheckType", [undefined, "EC2", "ELB"], type) !== "ELB") {
    return undefined;
  }
  return typeof grace === "number"
    ? grace
    : unsupported(beanstalkEnvironment, ".ebextensions HealthCheckGracePeriod", "a number with ELB", grace);
}

function configurationFiles(folder: string): string[] {
  const path = join(folder, ".ebextensions");
  const names = existsSync(path) ? readdirSync(path).filter((name) => name.endsWith(".config")) : [];
  return names.sort().map((name) => join(path, name));
}

/** Returns the properties of the Auto Scaling group that one file sets; the file may set nothing but its health check. */
function groupProperties(beanstalkEnvironment: PlannedResource, file: string): Record<string, unknown> {
  const { Resources: resources, ...otherKeys } = parse(readFileSync(file, "utf8")) ?? {};
  const { AWSEBAutoScalingGroup: group, ...otherResources } = resources ?? {};
  const { HealthCheckType, HealthCheckGracePeriod, ...otherProperties } = group?.Properties ?? {};
  const others = Object.keys({ ...otherKeys, ...otherResources, ...otherProperties });
  if (others.length > 0) {
    unsupported(beanstalkEnvironment, ".ebextensions", "about the health check of AWSEBAutoScalingGroup only", others);
  }
  return group?.Properties ?? {};
}
