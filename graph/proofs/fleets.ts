import type { PlannedResource } from "../model";
import type { ProofContext } from "./proof";

type Inputs = PlannedResource["inputs"];

/** What runs one service in one region. */
export interface Fleet {
  readonly service: string;
  readonly pattern: "ecs" | "ec2" | "beanstalk" | "lambda";
  readonly region: string;
  /** Resource that has the counts. */
  readonly resource: PlannedResource;
  readonly zones: number;
  /** Servers, or environments that are kept warm. */
  readonly least: number;
  /** Servers, or executions at once; unset where nothing limits it. */
  readonly most?: number;
  /** Servers of the least that AWS does not take back, as it does Spot. */
  readonly kept: number;
  /** Healthy targets below which the balancer sends requests to all targets, the lost ones as well. */
  readonly routesToAllBelow?: number;
}

/** Returns what runs the services of a plan, in the order of services, patterns and regions. */
export function fleetsOf(plan: ProofContext): Fleet[] {
  const found = [
    ...plan.of("aws:ecs/service:Service").map((each) => containers(plan, each)),
    ...plan.of("aws:autoscaling/group:Group").map((each) => group(plan, each)),
    ...plan.of("aws:elasticbeanstalk/environment:Environment").map((each) => environment(plan, each)),
    ...plan.of("aws:lambda/function:Function").map((each) => lambda(plan, each)),
  ];
  return found
    .filter((fleet) => fleet !== undefined)
    .sort((a, b) => (`${a.service} ${a.pattern} ${a.region}` < `${b.service} ${b.pattern} ${b.region}` ? -1 : 1));
}

function containers(plan: ProofContext, resource: PlannedResource): Fleet | undefined {
  const { inputs } = resource;
  const target = scalerOf(plan, resource);
  const least = Number(target?.["minCapacity"] ?? inputs["desiredCount"]);
  return fleet(plan, resource, "ecs", {
    zones: zonesOf(plan, inputs["networkConfiguration"]?.subnets),
    ...{ least, most: Number(target?.["maxCapacity"] ?? inputs["desiredCount"]), kept: notOnSpot(inputs, least) },
    ...routing(
      plan,
      (inputs["loadBalancers"] ?? []).map((each: Inputs) => each["targetGroupArn"]),
    ),
  });
}

/** Tasks of the least that run on Fargate itself: the base, and the share of the others by weight. */
function notOnSpot({ capacityProviderStrategies = [] }: Inputs, least: number): number {
  const strategies = capacityProviderStrategies as Inputs[];
  if (strategies.length === 0) return least;
  const weights = strategies.reduce((sum, { weight = 0 }) => sum + Number(weight), 0);
  const bases = strategies.reduce((sum, { base = 0 }) => sum + Number(base), 0);
  const rest = Math.max(0, least - bases);
  return strategies
    .filter(({ capacityProvider }) => !/SPOT/.test(String(capacityProvider)))
    .reduce((sum, { base = 0, weight = 0 }) => {
      return sum + Math.min(Number(base), least) + (weights === 0 ? 0 : Math.floor((rest * Number(weight)) / weights));
    }, 0);
}

function group(plan: ProofContext, resource: PlannedResource): Fleet | undefined {
  const { inputs } = resource;
  const least = Number(inputs["minSize"]);
  const spread = inputs["mixedInstancesPolicy"]?.instancesDistribution;
  const base = Number(spread?.onDemandBaseCapacity ?? 0);
  const percent = Number(spread?.onDemandPercentageAboveBaseCapacity ?? 100);
  const kept = Math.min(least, base + Math.floor((Math.max(0, least - base) * percent) / 100));
  return fleet(plan, resource, "ec2", {
    zones: zonesOf(plan, inputs["vpcZoneIdentifiers"]),
    ...{ least, most: Number(inputs["maxSize"]), kept },
    ...routing(plan, inputs["targetGroupArns"] ?? []),
  });
}

function environment(plan: ProofContext, resource: PlannedResource): Fleet | undefined {
  const setting = (name: string) =>
    ((resource.inputs["settings"] ?? []) as Inputs[]).find((each) => each["name"] === name)?.["value"];
  const least = Number(setting("MinSize") ?? 1);
  const spot = String(setting("EnableSpot") ?? "false") === "true";
  const base = Number(setting("SpotFleetOnDemandBase") ?? 0);
  return fleet(plan, resource, "beanstalk", {
    zones: zonesOf(plan, String(setting("Subnets") ?? "").split(",")),
    ...{ least, most: Number(setting("MaxSize") ?? 4), kept: spot ? Math.min(base, least) : least },
  });
}

function lambda(plan: ProofContext, resource: PlannedResource): Fleet | undefined {
  const { inputs, outputs } = resource;
  if (inputs["publish"] !== true || !plan.services.names.includes(String(inputs["description"]))) return undefined;
  const target = plan
    .of("aws:appautoscaling/target:Target")
    .find((each) => String(each.inputs["resourceId"]).startsWith(`function:${outputs["name"]}:`));
  const warm = plan
    .of("aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig")
    .find((each) => each.inputs["functionName"] === outputs["name"]);
  const least = Number(target?.inputs["minCapacity"] ?? warm?.inputs["provisionedConcurrentExecutions"] ?? 0);
  const most = inputs["reservedConcurrentExecutions"];
  // AWS spreads a function over the zones of the region; it chooses them itself.
  return fleet(plan, resource, "lambda", { zones: 3, least, kept: least, ...(most === undefined ? {} : { most }) });
}

function fleet(
  plan: ProofContext,
  resource: PlannedResource,
  pattern: Fleet["pattern"],
  rest: Omit<Fleet, "service" | "pattern" | "region" | "resource">,
): Fleet | undefined {
  const service = plan.services.of(resource);
  if (service === undefined || resource.region === undefined) return undefined;
  return { service, pattern, region: resource.region, resource, ...rest };
}

function scalerOf(plan: ProofContext, { inputs, outputs }: PlannedResource): Inputs | undefined {
  const cluster = String(inputs["cluster"] ?? "")
    .split("/")
    .at(-1);
  return plan
    .of("aws:appautoscaling/target:Target")
    .find((each) => each.inputs["resourceId"] === `service/${cluster}/${outputs["name"]}`)?.inputs;
}

function routing(plan: ProofContext, arns: readonly unknown[]): { routesToAllBelow?: number } {
  const group = plan.of("aws:lb/targetGroup:TargetGroup").find(({ outputs }) => arns.includes(outputs["arn"]));
  if (group === undefined) return {};
  const least = group.inputs["targetGroupHealth"]?.unhealthyStateRouting?.minimumHealthyTargetsCount;
  return { routesToAllBelow: Number(least ?? 1) };
}

/** Number of zones of subnets. Subnets of another stack have no zone here, and are one per zone. */
function zonesOf(plan: ProofContext, subnets: readonly string[] | undefined): number {
  const zones = new Map<unknown, unknown>(
    plan
      .of("awsx:ec2:Vpc")
      .flatMap(({ outputs }) => (outputs["subnets"] ?? []) as Inputs[])
      .map((subnet) => [subnet["id"], subnet["availabilityZone"]]),
  );
  return new Set((subnets ?? []).map((subnet) => zones.get(subnet) ?? subnet)).size;
}

/** Servers that are left of a number that is spread over zones when some are lost, at the worst. */
export function leftWithout(lost: number, count: number, zones: number): number {
  const full = Math.ceil(count / zones);
  // The zones with one server more than the others are lost first.
  const larger = count % zones === 0 ? zones : count % zones;
  const gone = Math.min(lost, larger) * full + Math.max(0, lost - larger) * (full - 1);
  return Math.max(0, count - gone);
}
