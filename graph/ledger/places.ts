import { parse } from "tldts";
import { isRegion, zoneLetters } from "../../stacks/config/aws-regions";
import { inRegion, type Place } from "./need";
import { type AwsService, serviceNamed, serviceOf } from "./services";

/** A service that a text names, and where it is. */
export interface Mention {
  readonly service: AwsService;
  readonly place: Place;
}

/** What the ledger knows of names that no text explains by itself. */
export interface KnownNames {
  /** Where a host of the environment's own zones leads: a region, or the one that a failover name leads to. */
  placeOfHost(host: string): Place | undefined;
  /** Region of a bucket of the plan. */
  regionOfBucket(bucket: string): string | undefined;
}

/** Codes that endpoints of ElastiCache have for regions: `use1` for us-east-1. */
const regionOfCode = new Map(
  Object.keys(zoneLetters).map((region) => {
    const [area = "", direction = "", number = ""] = region.split("-");
    const short = direction.replace(/(north|south|east|west|central)/g, (word) => word[0]!);
    return [`${area}${short}${number}`, region];
  }),
);

const regionWord = /\b[a-z]{2}-(?:north|south|east|west|central){1,2}-\d\b/;
const arn = /\barn:aws[a-z-]*:([a-z0-9-]+):([a-z0-9-]*):(?:\d{12}|aws)?:([^\s"',]*)/g;
const url = /\b([a-z][a-z0-9+.-]*):\/\/([^\s"'\\<>{}|]+)/gi;
const awsHost =
  /\b(?:[a-z0-9_-]+\.)+(?:amazonaws\.com(?:\.cn)?|api\.aws|on\.aws|amazoncognito\.com|elasticbeanstalk\.com|cloudfront\.net|awsglobalaccelerator\.com|ecr\.aws)\b/gi;
const regionSetting = new RegExp(`region["']?\\s*[:= ]\\s*["']?(${regionWord.source})`, "gi");

/** Stands for the service where a text only sets a region. */
export const ANY_SERVICE = "AWS APIs";

/** Where the reason for a host outside AWS is: no page of AWS says who answers it. */
const configurationPage = "docs/ledger.md#outside-the-region";

/** Services whose old endpoint without a region is in us-east-1. */
const withoutRegion = ["sts", "s3", "queue", "sqs", "email", "events", "monitoring", "dynamodb"];

/** Returns each service that a text names by ARN, URL or host, and each region that it sets. */
export function mentionsIn(text: string, key: string, known: KnownNames): Mention[] {
  const found: Mention[] = [];
  const rest = text
    .replace(arn, (_, service: string, region: string, resource: string) => {
      const mention = ofArn(service, region, resource, known);
      if (mention !== undefined) found.push(mention);
      return " ";
    })
    .replace(url, (_, scheme: string, address: string) => {
      const mention = ofUrl(scheme.toLowerCase(), address, known);
      if (mention !== undefined) found.push(mention);
      return " ";
    })
    .replace(awsHost, (host) => {
      found.push(ofAwsHost(host.toLowerCase(), known));
      return " ";
    });
  for (const [, region] of rest.matchAll(regionSetting)) found.push(setting(region!));
  const whole = rest.replace(/^\s*(?:-\s+|(?:export\s+)?[A-Z][A-Z0-9_]*=)/, "").trim();
  if (isRegion(whole) || (isRegion(whole.slice(0, -1)) && /\d[a-f]$/.test(whole))) {
    found.push(setting(isRegion(whole) ? whole : whole.slice(0, -1)));
  }
  const host = bareHost(rest, key);
  if (host !== undefined) found.push(ofHost(host, known));
  return found;
}

function setting(region: string): Mention {
  return { service: serviceNamed(ANY_SERVICE), place: inRegion(region) };
}

function ofArn(service: string, region: string, resource: string, known: KnownNames): Mention | undefined {
  if (service === "s3") return ofBucket(resource.split("/")[0]!, known);
  // The ARN of an integration with a service names API Gateway, its region, then the service and what it calls.
  if (service === "apigateway" && region !== "" && resource.includes(":")) {
    const [target = ""] = resource.split(":");
    if (!resource.includes("arn:aws")) {
      return { service: serviceNamed(target.split(".").at(-1)!), place: inRegion(region) };
    }
    const [, nested = "", nestedRegion = ""] = /arn:aws[a-z-]*:([a-z0-9-]+):([a-z0-9-]*):/.exec(resource) ?? [];
    return { service: serviceNamed(nested), place: inRegion(nestedRegion || region) };
  }
  if (region !== "") return { service: serviceNamed(service), place: inRegion(region) };
  // ARNs without a region name a role, a health check or a zone: their data planes are asked where the caller is.
  return undefined;
}

function ofBucket(bucket: string, known: KnownNames): Mention {
  const region = known.regionOfBucket(bucket) ?? regionWord.exec(bucket)?.[0];
  return {
    service: serviceNamed("s3"),
    place: region === undefined ? { kind: "unknown", name: `the region of bucket ${bucket}` } : inRegion(region),
  };
}

function ofUrl(scheme: string, address: string, known: KnownNames): Mention | undefined {
  if (scheme === "file" || scheme === "arn") return undefined;
  const host = address
    .split(/[/?#]/)[0]!
    .replace(/^.*@/, "")
    .replace(/:\d+.*$/, "")
    .toLowerCase();
  if (scheme === "s3") return ofBucket(host, known);
  if (host === "" || host === "localhost" || /^(127|10|169\.254|192\.168)\./.test(host)) return undefined;
  return ofHost(host, known);
}

function ofHost(host: string, known: KnownNames): Mention {
  if (new RegExp(`^${awsHost.source}$`, "i").test(host)) return ofAwsHost(host, known);
  return {
    service: { name: host, source: configurationPage },
    place: known.placeOfHost(host) ?? { kind: "host", name: host },
  };
}

function ofAwsHost(host: string, known: KnownNames): Mention {
  const labels = host.split(".");
  const at = labels.findIndex((label) => regionWord.test(label) && isRegion(regionWord.exec(label)![0]));
  const region =
    at >= 0 ? regionWord.exec(labels[at]!)![0] : labels.map((label) => regionOfCode.get(label)).find(Boolean);
  const service = serviceIn(labels, at);
  if (host.endsWith(".cloudfront.net")) return global(serviceNamed("cloudfront"));
  if (host.endsWith(".awsglobalaccelerator.com")) return global(serviceNamed("globalaccelerator"));
  if (host === "public.ecr.aws") return global(serviceNamed("ecr-public"));
  if (service === "s3" && region === undefined && labels[0] !== "s3") return ofBucket(labels[0]!, known);
  const found = serviceNamed(service);
  if (region !== undefined) return { service: found, place: inRegion(region) };
  if (found.control !== undefined) return { service: found, place: inRegion(found.control) };
  if (withoutRegion.includes(service)) return { service: found, place: inRegion("us-east-1") };
  return { service: found, place: { kind: "unknown", name: host } };
}

const global = (service: AwsService): Mention => ({ service, place: { kind: "global", name: "the edge network" } });

/** Finds the label of a host that names a service: that next to the region, or the first that is known. */
function serviceIn(labels: readonly string[], at: number): string {
  const host = labels.join(".");
  if (host.endsWith(".amazoncognito.com")) return "cognito";
  if (host.endsWith(".elasticbeanstalk.com")) return "elasticbeanstalk";
  if (host.endsWith(".on.aws")) return "lambda";
  const near = [labels[at - 1], labels[at + 1], labels[at]?.replace(regionWord, "").replace(/^-|-$/g, "")];
  const candidates = [...near, ...labels].filter((label): label is string => label !== undefined && label !== "");
  return candidates.find((label) => serviceOf(label) !== undefined) ?? candidates[0] ?? host;
}

/** Returns a host without scheme that stands alone, where the name of the setting says that it is one. */
function bareHost(text: string, key: string): string | undefined {
  const host = (/=/.test(text) ? text.slice(text.indexOf("=") + 1) : text).trim().replace(/^["']|["']$/g, "");
  const named = /host|endpoint|url|uri|server|address|broker|issuer|domain|fqdn|registry|dsn|proxy|bootstrap/i.test(
    key,
  );
  const [first = ""] = host.split(",");
  const bare = first.replace(/:\d+$/, "").replace(/\.$/, "");
  if (!named || !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(bare)) return undefined;
  const { isIcann, isIp, publicSuffix } = parse(bare);
  if (isIp) return undefined;
  return isIcann === true && publicSuffix !== bare ? bare.toLowerCase() : undefined;
}

/**
 * Returns where a container image comes from.
 * @example imageMention("node:22") // Docker Hub
 */
export function imageMention(image: string, known: KnownNames): Mention {
  const [first = ""] = image.split("/");
  const registry =
    image.includes("/") && /[.:]|^localhost$/.test(first) ? first.replace(/:\d+$/, "") : "registry-1.docker.io";
  return ofHost(registry, known);
}
