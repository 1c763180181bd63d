import { capacityOf, capacityTypes } from "../../network/capacity";
import { workloadRegions } from "../../network/regions";
import { requireTrue } from "../../pack/require";
import type { Rule, StackContext } from "../../pack/rule";
import { matches } from "../../stack/iam";
import { policyStatements } from "../../stack/policies-of";
import { block, blocks, isTrue, list, number, show, text } from "../../stack/read";
import { regionsIn } from "../../stack/region-names";
import type { Resource } from "../../stack/resource";
import type { Stack } from "../../stack/stack";
import { T } from "../../stack/types";
import { peek } from "../../stack/unknown";
import { userData } from "../../stack/workloads";

/** What a resource tells its code, or calls. */
const places: Readonly<Record<string, readonly string[]>> = {
  [T.function]: ["environment"],
  [T.ecsTask]: ["containerDefinitions"],
  [T.launchTemplate]: ["userData"],
  [T.beanstalk]: ["settings"],
  [T.integration]: ["integrationUri"],
  "aws:apigateway/integration:Integration": ["uri"],
};

/** What serves, scales, watches and connects: whatever a region needs to stand alone. */
const compared = [
  ...capacityTypes,
  T.alarm,
  T.api,
  T.domainName,
  T.endpoint,
  T.function,
  T.integration,
  T.launchTemplate,
  T.listener,
  T.loadBalancer,
  T.route,
  T.scalingPolicy,
  T.scalingTarget,
  T.stage,
  T.targetGroup,
  T.vpcLink,
  "aws:autoscaling/policy:Policy",
];

const perRequest = ["GetUser", "AdminGetUser", "InitiateAuth", "AdminInitiateAuth", "ListUsers", "DescribeUserPool"];

/** Availability rules for two regions. */
export const regionsRules: readonly Rule[] = [
  {
    scope: "stack",
    name: "execute-api-closed",
    types: [T.api, T.restApi],
    description: "An API with a domain of its own is called by that name only.",
    rationale: "Whoever calls the generated name stays in a region that failed.",
    fix: "set disableExecuteApiEndpoint to true",
    severity: "medium",
    level: "mandatory",
    ids: { availability: 36 },
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html",
    check(api, context) {
      const rest = api.type === T.restApi;
      const mappings = rest
        ? context.stack.referrers(api, "aws:apigateway/basePathMapping:BasePathMapping", "restApi")
        : context.stack.referrers(api, T.apiMapping, "apiId");
      if (mappings.length > 0) requireTrue(api, context, "disableExecuteApiEndpoint", "close its generated name");
    },
  },
  {
    scope: "stack",
    name: "regional-domain",
    types: [T.domainName, T.record],
    description: "Each region serves the name that clients call, from its own endpoint with its own certificate.",
    rationale: "After failover a region that does not know the name answers 403; an edge endpoint leads to one region.",
    fix: "set endpointType REGIONAL, a certificate of the region, and the same domain name in each",
    severity: "high",
    level: "mandatory",
    ids: { availability: 36 },
    url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/dns-failover.html",
    check(resource, { stack, report }) {
      if (resource.type === T.record) return checkAlias(resource, stack, report);
      const configuration = block(resource.props["domainNameConfiguration"]);
      const type = configuration["endpointType"];
      if (type !== "REGIONAL") report(resource, `must have a regional endpoint, got ${show(type)}`);
      const home = stack.regionOf(resource);
      const [certificate] = stack.targets(
        resource,
        "domainNameConfiguration",
        "aws:acm/certificate:Certificate",
        "aws:acm/certificateValidation:CertificateValidation",
      );
      const named = peek(() => /:acm:([\w-]+):/.exec(text(configuration["certificateArn"]))?.[1]);
      const other = typeof named === "string" ? named : certificate && stack.regionOf(certificate);
      if (home && other && other !== home) report(resource, `must have a certificate of ${home}, got one of ${other}`);
    },
  },
  {
    scope: "stack",
    name: "failover-data-plane",
    types: [T.record, T.healthCheck],
    description: "Failover happens without a change of configuration.",
    rationale: "Route 53's control plane is in one region: when that is down, records cannot be changed.",
    fix: "use failover records with health checks instead of weights or checks that people turn",
    severity: "high",
    level: "production",
    ids: { availability: 37 },
    url: "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html",
    check(resource, { report }) {
      if (resource.type === T.healthCheck) {
        if (isTrue(resource.props["invertHealthcheck"]))
          report(resource, "must not be turned by hand, got invertHealthcheck true");
        return;
      }
      const weights = blocks(resource.props["weightedRoutingPolicies"]).map((one) => number(one["weight"]));
      if (weights.includes(0)) report(resource, "must not wait for a change of weights, got weight 0");
    },
  },
  {
    scope: "stack",
    name: "no-other-region",
    types: Object.keys(places),
    description: "Nothing in a region names another one.",
    rationale: "A region that calls another is down when either is.",
    fix: "use the region's own resource",
    severity: "high",
    level: "mandatory",
    ids: { availability: 38 },
    url: "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html",
    settings: {
      allowed: {
        type: "array",
        description: "Regions that may be named anywhere, such as that of a global service.",
        default: [],
      },
    },
    check(resource, { stack, report, setting }) {
      const home = stack.regionOf(resource);
      if (home === undefined) return;
      for (const path of places[resource.type] ?? []) {
        const value = resource.type === T.launchTemplate ? userData(resource) : resource.props[path];
        const others = [...regionsIn(value)].filter((one) => one !== home && !list(setting("allowed")).includes(one));
        if (others.length > 0) report(resource, `must name no region but ${home} in ${path}, got ${others.join(", ")}`);
      }
    },
  },
  {
    scope: "stack",
    name: "region-parity",
    types: compared,
    description: "Every region has what the others have, with the same minimum.",
    rationale: "A standby that is smaller fails at the moment it gets the whole load.",
    fix: "declare it in every region, with the same minimum",
    severity: "high",
    level: "production",
    ids: { availability: 39 },
    url: "https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/disaster-recovery-options-in-the-cloud.html",
    check(resource, { stack, report }) {
      const regions = workloadRegions(stack);
      const home = stack.regionOf(resource);
      if (regions.length < 2 || home === undefined || !regions.includes(home)) return;
      for (const region of regions.filter((one) => one !== home)) {
        const twin = twinOf(resource, home, region, stack);
        if (twin === undefined) {
          report(resource, `must exist in every region, got none in ${region}`);
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
    description: "Regions are deployed one after the other, by stacks of their own.",
    rationale: "One deployment that changes both regions can break both at once.",
    fix: "deploy a stack per region, such as prod.eu-west-1 and then prod.eu-central-1",
    severity: "medium",
    level: "advisory",
    ids: { availability: 40 },
    url: "https://aws.amazon.com/builders-library/automating-safe-hands-off-deployments/",
    check({ stack, report }) {
      const regions = workloadRegions(stack);
      const [whole] = stack.of("pulumi:pulumi:Stack");
      const holder = whole ?? stack.resources[0];
      if (regions.length > 1 && holder)
        report(holder, `must deploy one region at a time, got ${regions.join(" and ")}`);
    },
  },
  {
    scope: "resource",
    name: "sign-in-off-path",
    types: [T.rolePolicy, "aws:iam/policy:Policy"],
    description: "Tokens are verified by their signature, without a call to Cognito.",
    rationale: "Cognito's quotas and its single region would be on the path of every request.",
    fix: "verify against the cached key set, and remove the permission",
    severity: "high",
    level: "mandatory",
    ids: { availability: 41 },
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html",
    check(policy, { report }) {
      const actions = policyStatements(policy)
        .filter((one) => one.allow)
        .flatMap((one) => one.actions);
      const found = actions.filter((action) =>
        perRequest.some((name) => matches(action, `cognito-idp:${name}`) && action.startsWith("cognito-idp:")),
      );
      if (found.length > 0) report(policy, `must not call Cognito per request, got ${found.join(", ")}`);
    },
  },
  {
    scope: "stack",
    name: "sign-in-region",
    types: [T.userPool],
    description: "It is known that sign-in is in one region.",
    rationale:
      "A user pool has no replica: without its region nobody signs in, though tokens already given are still good.",
    fix: "accept it, keep refresh tokens long enough, and say so in the promise to clients",
    severity: "medium",
    level: "advisory",
    ids: { availability: 41 },
    url: "https://docs.aws.amazon.com/cognito/latest/developerguide/disaster-recovery-resiliency.html",
    check(pool, { stack, report }) {
      const regions = workloadRegions(stack);
      if (regions.length > 1)
        report(
          pool,
          `must not be all there is to sign in with, got ${stack.regionOf(pool) ?? "one region"} for ${regions.length}`,
        );
    },
  },
];

function compareReserved(resource: Resource, twin: Resource, report: StackContext["report"]): void {
  const [own, other] = [resource, twin].map((one) => number(one.props["reservedConcurrentExecutions"]));
  if (own !== undefined && (other ?? own) < own)
    report(twin, `must reserve as much as its twin, which is ${own}, got ${other}`);
}

/** Resources by region and what they are for; null where several share it. */
function byRole(stack: Stack): ReadonlyMap<string, Resource | null> {
  const table = new Map<string, Resource | null>();
  for (const resource of stack.of(...compared)) {
    const region = stack.regionOf(resource);
    if (region === undefined) continue;
    for (const role of rolesIn(resource, region, stack)) {
      const key = `${region} ${role}`;
      table.set(key, table.has(key) ? null : resource);
    }
  }
  return table;
}

/** What a resource is for, whatever region it is in: what it is called or does, else the only one of its parent. */
function rolesIn(resource: Resource, region: string, stack: Stack): string[] {
  const key = peek(() => text(resource.props["routeKey"] ?? resource.props["port"]));
  const parent = resource.parentUrn === undefined ? undefined : stack.urn(resource.parentUrn)?.name;
  return [
    `${resource.type} ${typeof key === "string" && key !== "" ? `does ${key}` : `is ${resource.name.replace(region, "*")}`}`,
    // Names that AWS bounds are cut and end in a hash; the parent's is whole.
    ...(parent === undefined ? [] : [`${resource.type} of ${parent.replace(region, "*")}`]),
  ];
}

function twinOf(resource: Resource, home: string, region: string, stack: Stack): Resource | undefined {
  const table = stack.memo("resources by region and role", () => byRole(stack));
  for (const role of rolesIn(resource, home, stack)) {
    const twin = table.get(`${region} ${role}`);
    if (table.get(`${home} ${role}`) !== null && twin) return twin;
  }
  return undefined;
}

/** An alias leads to a domain that knows the record's name. */
function checkAlias(record: Resource, stack: Stack, report: StackContext["report"]): void {
  for (const domain of stack.dependencies(record, "aliases", [T.domainName])) {
    const known = text(domain.props["domainName"]);
    if (known !== text(record.props["name"]))
      report(record, `must lead to a domain of its own name, got ${show(known)}`);
  }
}
