import { block, blocks, show, text } from "../stack/read";
import type { Resource } from "../stack/resource";
import { peek, UNKNOWN } from "../stack/unknown";

/** All cache behaviours of a distribution, the default one first. */
export function behaviours(distribution: Resource): Record<string, any>[] {
  return behaviourPaths(distribution).map(([, behaviour]) => behaviour);
}

/** The cache behaviours of a distribution, each with the path of its settings. */
export function behaviourPaths({ props }: Resource): (readonly [path: string, behaviour: Record<string, any>])[] {
  return [
    ["defaultCacheBehavior", block(props["defaultCacheBehavior"])] as const,
    ...blocks(props["orderedCacheBehaviors"]).map((one, i) => [`orderedCacheBehaviors.${i}`, one] as const),
  ];
}

/** The origins behind the id of an origin or an origin group; every origin when the id is not known. */
export function originsOf({ props }: Resource, id: unknown): Record<string, any>[] {
  const origins = blocks(props["origins"]);
  const group = blocks(props["originGroups"]).find((one) => peek(() => one["originId"]) === id);
  const members = group === undefined ? [id] : blocks(group["members"]).map((one) => peek(() => one["originId"]));
  const found = origins.filter((one) => members.includes(peek(() => one["originId"])));
  return found.length > 0 ? found : origins;
}

/** Whether an origin is a bucket by its REST endpoint: all other origins have a configuration of their own kind. */
export function isBucket(origin: Record<string, any>): boolean {
  return ["customOriginConfig", "vpcOriginConfig"].every((key) => {
    const config = peek(() => origin[key]);
    return config === undefined || config === null;
  });
}

/** Whether an origin is the website endpoint of a bucket, which S3 serves over HTTP only. */
export function isWebsite(origin: Record<string, any>): boolean {
  const domain = peek(() => text(origin["domainName"]));
  return domain !== UNKNOWN && isWebsiteName(domain);
}

/** Whether a name is that of a bucket's website endpoint, which has no HTTPS. */
export function isWebsiteName(domain: string): boolean {
  return /\.s3-website[.-]/.test(domain);
}

/** An origin in a message, by its id, else by its domain name. */
export function named(origin: Record<string, any>): string {
  const [name] = ["originId", "domainName"]
    .map((key) => peek(() => text(origin[key])))
    .filter((one) => one !== UNKNOWN);
  return name === undefined || name === "" ? "an origin" : show(name);
}
