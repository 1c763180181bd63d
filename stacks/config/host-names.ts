import { domainToUnicode } from "node:url";
import { parse } from "tldts";
import { overlaps, parseBlock } from "../../infra/traffic/ipv4";

const MAX_NAME = 253;
const MAX_LABEL = 63;

/** Addresses that no endpoint on the internet has: private, shared, loopback, link-local, multicast and reserved ones. */
const innerBlocks = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
].map(parseBlock);

/** Top-level domains of names that DNS on the internet never answers, or not for a registered domain. */
const specialDomains = ["alt", "arpa", "internal", "invalid", "local", "localhost", "onion", "test"];

/** Domains in which AWS gives names to its own resources. */
const awsDomains = [
  "amazonaws.com",
  "amazoncognito.com",
  "amplifyapp.com",
  "awsapprunner.com",
  "awsapps.com",
  "awsglobalaccelerator.com",
  "cloudfront.net",
  "elasticbeanstalk.com",
  "on.aws",
];

/** Returns what is wrong with a host name, as the rest of a sentence; undefined when nothing is. */
export function hostNameProblem(name: string): string | undefined {
  const labels = name.split(".");
  if (name.length > MAX_NAME) return `must be at most ${MAX_NAME} characters`;
  if (labels.some((label) => label.length > MAX_LABEL)) {
    return `must have at most ${MAX_LABEL} characters between two dots`;
  }
  if (!labels.every((label) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(label))) {
    return "must be a lower-case domain name such as api.example.com";
  }
  return undefined;
}

/**
 * Returns what is wrong with a domain name, which has two labels at least and a top-level domain. Certificates take a
 * label of the form `xy--z` only when it is valid Punycode.
 * @see https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html
 */
export function domainNameProblem(name: string): string | undefined {
  const problem = hostNameProblem(name);
  if (problem !== undefined) return problem;
  const hyphens = name.split(".").find((label) => label.slice(2, 4) === "--");
  if (hyphens !== undefined && !(hyphens.startsWith("xn--") && domainToUnicode(hyphens) !== "")) {
    return "must have -- as third and fourth character of a label only in valid Punycode, which begins with xn--";
  }
  if (/\.([a-z]{2,}|xn--[a-z0-9-]+)$/.test(name)) return undefined;
  return "must be a lower-case domain name such as api.example.com";
}

/**
 * Returns why a valid domain name cannot be a public hosted zone: no registrar sells the name or delegates it.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/CreatingHostedZone.html
 * @see https://publicsuffix.org
 */
export function zoneProblem(zone: string): string | undefined {
  const top = zone.slice(zone.lastIndexOf(".") + 1);
  if (specialDomains.includes(top)) return `must be a name that can be registered, and .${top} is reserved`;
  const { isIcann, domain } = parse(zone);
  if (!isIcann) return `must be a name that can be registered, and .${top} is no top-level domain`;
  if (domain === null || parse(zone, { allowPrivateDomains: true }).domain === null) {
    return "must be a name that can be registered, not a public suffix, below which others register theirs";
  }
  if (awsDomains.includes(domain)) return `must be a name that can be registered, and ${domain} belongs to AWS`;
  return undefined;
}

/** Tells whether Route 53 reserves a zone: it refuses to create `example.com` and names below it. */
export function isReservedByRoute53(zone: string): boolean {
  return zone === "example.com" || zone.endsWith(".example.com");
}

/** Tells whether only machines of the same network could reach a host: by its name or by its address. */
export function isInnerHost(host: string): boolean {
  if (/^[\d.]+$/.test(host)) {
    const address = parseBlock(`${host}/32`);
    return innerBlocks.some((block) => overlaps(block, address));
  }
  const labels = host.split(".");
  return labels.length === 1 || specialDomains.includes(labels.at(-1)!);
}
