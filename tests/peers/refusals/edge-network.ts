import { blind, type Refusal, refused } from "../refusal";

export const edge: readonly Refusal[] = [
  refused({
    rules: ["CFR1"],
    resources: ["web-distribution"],
    wants: "Countries that may not see the web app.",
    why: "No law says so of it; who must keep a country out adds geoRestriction.",
  }),
  refused({
    rules: ["CFR2"],
    resources: ["web-distribution"],
    wants: "A web application firewall.",
    why: "It serves files of a bucket, which run no code that a request could attack; `platform:web.waf` makes one, as `gateways.rest.waf` does for an API.",
  }),
  blind({
    rules: ["CFR3", "CT.CLOUDFRONT.PR.5"],
    resources: ["web-distribution"],
    wants: "Access logs.",
    why: "They are delivered by standard logging v2, a resource of its own; the rules look for the older kind, which needs ACLs.",
  }),
  refused({
    rules: ["CT.CLOUDFRONT.PR.4"],
    resources: ["web-distribution"],
    only: "dev",
    wants: "Two origins to fail over between.",
    why: "dev has one region; in prod each region has a bucket with all files.",
  }),
  refused({
    rules: ["APIG4", "CT.APIGATEWAY.PR.5"],
    resources: ["http-*-get-*", "http-*-list-*", "http-*-export-*", "http-*-probe-region", "http-reference-*"],
    wants: "An authorizer on every route.",
    why: "Reads and health are public by the services' contracts, and so are the documents that say how to call them; what writes needs a token with the service's scope. Health must answer Route 53, which cannot sign in.",
  }),
  refused({
    rules: ["COG8"],
    resources: ["identity-pool"],
    wants: "The Plus tier, with threat protection.",
    why: "Costs per user and month; one word in the pool's settings when the risk is worth it.",
  }),
];

/** The private API, through which services call each other. */
export const privateApi: readonly Refusal[] = [
  refused({
    rules: ["APIG2"],
    resources: ["private-api"],
    wants: "A validator of requests.",
    why: "Its callers are services of the platform, whose client is typed by the callee's contract; the callee checks every request itself.",
  }),
  refused({
    rules: ["APIG3", "APIGWAssociatedWithWAF"],
    resources: ["private-stage"],
    wants: "A web ACL on the stage.",
    why: "Only the named roles reach it, from inside the VPC, with a signature. A web ACL belongs to the public edge.",
  }),
  refused({
    rules: ["APIGWCacheEnabledAndEncrypted"],
    resources: ["private-stage"],
    wants: "A cache, encrypted.",
    why: "A caller must get the callee's answer of now; a cache also costs by the hour.",
  }),
  refused({
    rules: ["APIGWSSLEnabled"],
    resources: ["private-stage"],
    wants: "A client certificate towards the servers.",
    why: "The forwarder and functions are called by IAM, not by TLS with a certificate; servers accept connections of known security groups only.",
  }),
];

export const network: readonly Refusal[] = [
  refused({
    rules: ["VPC3"],
    resources: ["network-*-acl"],
    wants: "No network ACLs, security groups only.",
    why: "ACLs are compiled from the declared flows and are a second fence that no service can open for itself.",
  }),
  refused({
    rules: ["CT.EC2.PR.5"],
    resources: ["network-private-acl", "network-public-acl"],
    wants: "No ACL rule that lets the internet reach port 3389.",
    why: "The rule that admits answers covers 1024-65535, the range that AWS lists for NAT gateways and functions; without 3389 one connection in 64,000 would hang. Security groups, which know answers from requests, refuse the packet, and nothing listens there.",
  }),
  refused({
    rules: ["VPCNoUnrestrictedRouteToIGW"],
    resources: ["network-vpc"],
    wants: "No route of everything to an internet gateway.",
    why: "NAT gateways need it. Only the public tier has one, and it holds nothing else.",
  }),
  refused({
    rules: ["VPCSubnetAutoAssignPublicIpDisabled", "CT.EC2.PR.11"],
    resources: ["network-vpc"],
    wants: "No public addresses by default in any subnet.",
    why: "The awsx component sets it on public subnets and has no switch. Nothing but NAT gateways is ever placed there, and those bring their own addresses; private and isolated subnets have it off.",
  }),
  blind({
    rules: ["VPCDefaultSecurityGroupClosed"],
    resources: ["network-vpc"],
    wants: "A default security group without rules.",
    why: "The plan takes the default group over and empties it; CloudFormation cannot say so, and the rule warns about every VPC.",
  }),
];
