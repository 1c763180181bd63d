import { capacityOf } from "../../network/capacity";
import { examples } from "../../network/examples";
import { isOfOneRegion, twinOf, twinRegions, twinTypes, workloadRegions } from "../../network/regions";
import { N } from "../../network/tokens";
import { requireTrue } from "../../pack/require";
import type { Rule, StackContext } from "../../pack/rule";
import { at, block, blocks, isTrue, list, number, show, text } from "../../stack/read";
import { regionsIn } from "../../stack/region-names";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";
import { inputWithout } from "../../stack/workloads";

/** What a resource tells its code, or calls. */
const places: Readonly<Record<string, readonly string[]>> = {
  [T.function]: ["environment"],
  [T.ecsTask]: ["containerDefinitions"],
  [T.launchTemplate]: ["userData"],
  [T.beanstalk]: ["settings"],
  [T.integration]: ["integrationUri"],
  [N.restIntegration]: ["uri"],
};

/** Availability rules for two regions. */
export const regionsRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "execute-api-closed",
    types: [T.api, T.restApi],
    description: "Clients call an API with a domain of its own by that name only.",
    rationale:
      "A client that calls the generated name stays with a region that failed, and passes by the domain's rules.",
    fix: "set disableExecuteApiEndpoint to true",
    severity: "medium",
    level: "production",
    example: examples.webAcl,
    ids: { availability: 36 },
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html",
    check(api, context) {
      const rest = api.type === T.restApi;
      const mappings = [
        ...context.stack.referrers(api, T.apiMapping, "apiId"),
        ...(rest ? context.stack.referrers(api, N.basePathMapping, "restApi") : []),
      ];
      if (mappings.length > 0)
        requireTrue(
          api,
          context,
          "disableExecuteApiEndpoint",
          "refuse calls by its generated name, as it has a domain",
        );
    },
  },
  {
    scope: "stack",
    name: "regional-domain",
    types: [T.domainName, N.restDomain, T.record],
    description: "Each region serves the name that clients call, from its own endpoint with its own certificate.",
    rationale: "After failover a region that does not know the name answers 403; an edge endpoint leads to one region.",
    fix: "set endpointType REGIONAL, a certificate of the region, and the same domain name in each",
    severity: "high",
    level: "production",
    ids: { availability: 36 },
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/dns-failover.html",
    check(resource, { stack, report }) {
      if (resource.type === T.record) return checkAlias(resource, stack, report);
      const rest = resource.type === N.restDomain;
      const configuration = rest ? resource.props : block(resource.props["domainNameConfiguration"]);
      // A REST API's name is at the edge unless it says otherwise, which is right for one region.
      const type = rest
        ? (list(at(resource.props, "endpointConfiguration.types"))[0] ?? "EDGE")
        : configuration["endpointType"];
      if (rest && type === "EDGE" && twinRegions(stack).length < 2) return;
      if (rest && type === "PRIVATE") return; // is in the networks of one region, and has no other kind of endpoint
      if (type !== "REGIONAL") {
        const fix = rest
          ? 'set endpointConfiguration.types to ["REGIONAL"]'
          : "set domainNameConfiguration.endpointType to REGIONAL";
        return report(resource, `must have a regional endpoint, got ${show(type)}`, fix);
      }
      const key = rest ? "regionalCertificateArn" : "certificateArn";
      const home = stack.regionOf(resource);
      const [certificate] = stack.targets(
        resource,
        rest ? key : "domainNameConfiguration",
        "aws:acm/certificate:Certificate",
        "aws:acm/certificateValidation:CertificateValidation",
      );
      const named = peek(() => /:acm:([\w-]+):/.exec(text(configuration[key]))?.[1]);
      const other = typeof named === "string" ? named : certificate && stack.regionOf(certificate);
      if (home && other && other !== home)
        report(
          resource,
          `must have a certificate of ${home}, got one of ${other}`,
          `set ${rest ? "" : "domainNameConfiguration."}${key} to the ARN of a certificate in ${home}`,
        );
    },
  },
  {
    scope: "stack",
    name: "failover-data-plane",
    types: [T.record, T.healthCheck],
    description: "Failover between regions needs no change of configuration.",
    rationale: "Route 53's control plane is in one region: when that is down, records cannot be changed.",
    fix: "use failover records with health checks instead of weights or inverted checks",
    severity: "high",
    level: "production",
    ids: { availability: 37 },
    url: "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html",
    check(resource, { stack, report }) {
      if (resource.type === T.healthCheck) {
        if (isTrue(resource.props["invertHealthcheck"]))
          report(
            resource,
            "must report what it measures, got invertHealthcheck true",
            "set invertHealthcheck to false",
          );
        return;
      }
      // In one region weights move requests between versions, which is a release and no failover.
      if (workloadRegions(stack).length < 2) return;
      const weights = blocks(resource.props["weightedRoutingPolicies"]).map((one) => number(one["weight"]));
      if (weights.includes(0)) report(resource, "must get requests without a change of weights, got weight 0");
    },
  },
  {
    scope: "stack",
    name: "no-other-region",
    types: Object.keys(places),
    description: "Code and integrations of a region name no other region.",
    rationale: "A region whose requests go to another region is down when either of the two is.",
    fix: "use the region's own resource, or list the region in the setting allowed",
    severity: "medium",
    level: "production",
    lowUnless: ["redundant", "operated"],
    ids: { availability: 38 },
    url: "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html",
    settings: {
      allowed: {
        type: "array",
        description: "Regions that may be named anywhere, such as that of a global service.",
        default: [],
      },
      variables: {
        type: "array",
        description:
          "Environment variables that may name another region, such as the home of a table that all regions ask.",
        default: [],
      },
    },
    check(resource, { stack, report, setting }) {
      const home = stack.regionOf(resource);
      if (home === undefined) return;
      for (const path of places[resource.type] ?? []) {
        const value = inputWithout(resource, path, list(setting("variables")) as string[]);
        const others = [...regionsIn(value)].filter((one) => one !== home && !list(setting("allowed")).includes(one));
        if (others.length > 0) report(resource, `must name no region but ${home} in ${path}, got ${others.join(", ")}`);
      }
    },
  },
  {
    scope: "stack",
    name: "region-parity",
    types: twinTypes,
    description: "Regions that do the same work have the same resources, with the same minimum.",
    rationale: "A standby that is smaller fails at the moment it gets the whole load.",
    fix: "declare it in every region, with the same minimum",
    severity: "high",
    level: "production",
    ids: { availability: 39 },
    url: "https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/disaster-recovery-options-in-the-cloud.html",
    check(resource, { stack, report }) {
      const regions = twinRegions(stack);
      const home = stack.regionOf(resource);
      if (regions.length < 2 || home === undefined || !regions.includes(home)) return;
      for (const region of regions.filter((one) => one !== home)) {
        const twin = twinOf(resource, home, region, stack);
        if (twin === undefined) {
          if (isOfOneRegion(resource, home, region, stack)) continue;
          report(resource, `must exist in every region, got none in ${region}`, `declare it in ${region} as well`);
          continue;
        }
        const [own, other] = [capacityOf(resource, stack), capacityOf(twin, stack)];
        if (own && other && other.min < own.min)
          report(other.holder, `must keep as many servers as in ${home}, which are ${own.min}, got ${other.min}`);
        if (resource.type === T.function) compareReserved(resource, twin, report);
      }
    },
  },
  {
    scope: "program",
    name: "regions-apart",
    description: "Regions that do the same work are deployed one after the other, by stacks of their own.",
    rationale: "One deployment that changes both regions can break both at once.",
    fix: "deploy a stack per region, such as prod.eu-west-1 and then prod.eu-central-1",
    severity: "low",
    level: "advisory",
    ids: { availability: 40 },
    url: "https://aws.amazon.com/builders-library/automating-safe-hands-off-deployments/",
    check({ stack, report }) {
      const regions = twinRegions(stack);
      const [whole] = stack.of("pulumi:pulumi:Stack");
      const holder = whole ?? stack.resources[0];
      if (regions.length > 1 && holder)
        report(holder, `must deploy one region at a time, got ${regions.join(" and ")}`);
    },
  },
];

function compareReserved(resource: Resource, twin: Resource, report: StackContext["report"]): void {
  const [own, other] = [resource, twin].map((one) => number(one.props["reservedConcurrentExecutions"]));
  if (own !== undefined && (other ?? own) < own)
    report(
      twin,
      `must reserve as much as its twin, which is ${own}, got ${other}`,
      `set reservedConcurrentExecutions to ${own}`,
    );
}

/** An alias leads to a domain that knows the record's name. */
function checkAlias(record: Resource, stack: Stack, report: StackContext["report"]): void {
  const name = plain(record.props["name"]);
  const [zone] = stack.targets(record, "zoneId", T.zone);
  const suffix = zone === undefined ? "" : plain(zone.props["name"]);
  for (const domain of stack.dependencies(record, "aliases", [T.domainName, N.restDomain])) {
    const known = plain(domain.props["domainName"]);
    // Route 53 completes a name by that of the zone, and takes none for the zone's own.
    const isOwn = name === "" || known === name || known.startsWith(`${name}.`);
    // A domain may stand for all names below another.
    const below = known.startsWith("*.") ? known.slice(1) : undefined;
    const isBelow =
      below !== undefined && (name.endsWith(below) || `${name}.${suffix}`.endsWith(below) || isShort(name, suffix));
    if (!isOwn && !isBelow) report(record, `must lead to a domain of its own name, got ${show(known)}`);
  }
}

/** A name of DNS without the dot at its end, and in one case. */
function plain(name: unknown): string {
  return text(name).replace(/\.$/, "").toLowerCase();
}

/** Whether a name has one part only, and the zone that completes it is not in the program. */
function isShort(name: string, zone: string): boolean {
  return zone === "" && !name.includes(".");
}
