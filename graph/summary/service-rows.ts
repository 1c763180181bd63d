import { type Graph, GraphIndex, type PlannedResource } from "../model";
import { ServiceIndex } from "../services";

/** What the plan says of one service, as cells of a table for people. */
export interface ServiceRow {
  readonly service: string;
  /** Name of the pattern. @example "ecs" */
  readonly pattern: string;
  /** What a gateway sends its requests to. @example "Cloud Map" */
  readonly reach: string;
  /** Fewest and most servers, and over how many zones. @example "3 to 12 over 3 zones" */
  readonly servers: string;
  /** Numbers of routes, by what they need. @example "3 open, 1 signed in" */
  readonly routes: string;
  /** Regions that the row is about; empty when it is true of every region. */
  readonly regions: string;
}

type Cells = Omit<ServiceRow, "service" | "regions">;
type Properties = PlannedResource["inputs"];

/** Stands in a cell for what another stack owns. */
const ELSEWHERE = "in another stack";

/** Returns a row per service, and one per service and region where regions differ, in the order of names. */
export function serviceRows(graph: Graph): ServiceRow[] {
  const services = new ServiceIndex(graph.resources);
  const index = new GraphIndex(graph);
  const groups = new Map<string, Map<string, PlannedResource[]>>();
  for (const resource of graph.resources) {
    const service = services.of(resource);
    if (service === undefined || resource.region === undefined) continue;
    const regions = groups.get(service) ?? new Map<string, PlannedResource[]>();
    groups.set(service, regions.set(resource.region, [...(regions.get(resource.region) ?? []), resource]));
  }
  return services.names.flatMap((service) => {
    const byRegion = [...(groups.get(service) ?? [])].map(([region, own]) => ({ region, cells: cellsOf(index, own) }));
    // Tables are in the primary region alone; the other cells of a stack of data would say nothing.
    return merged(byRegion.filter(({ cells }) => cells !== undefined) as { region: string; cells: Cells }[]).map(
      ({ cells, regions }) => ({ service, ...cells, regions }),
    );
  });
}

/** Joins the regions whose cells are equal. */
function merged(byRegion: readonly { readonly region: string; readonly cells: Cells }[]) {
  const groups = new Map<string, { readonly cells: Cells; readonly regions: string[] }>();
  for (const { region, cells } of byRegion) {
    const key = JSON.stringify(cells);
    const group = groups.get(key) ?? { cells, regions: [] };
    group.regions.push(region);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ cells, regions }) => ({
    cells,
    regions: groups.size === 1 ? "" : regions.join(", "),
  }));
}

function cellsOf(index: GraphIndex, own: readonly PlannedResource[]): Cells | undefined {
  const pattern = patternOf(index, own);
  const routes = own.filter(({ type }) => type === "aws:apigatewayv2/route:Route");
  if (pattern === undefined && routes.length === 0) return undefined;
  return {
    pattern: pattern ?? ELSEWHERE,
    reach: routes.length === 0 ? ELSEWHERE : reachOf(own),
    servers: pattern === undefined ? ELSEWHERE : serversOf(index, own),
    routes: routes.length === 0 ? ELSEWHERE : routesOf(routes, own),
  };
}

/** Name of the pattern: the class of the component that runs the service, such as `EcsService`, in lower case. */
function patternOf(index: GraphIndex, own: readonly PlannedResource[]): string | undefined {
  for (const { parent } of own) {
    for (let at = parent; at !== undefined; at = index.urn(at)?.parent) {
      const [, name] = /^platform:compute:(\w+)Service$/.exec(index.urn(at)?.type ?? "") ?? [];
      if (name !== undefined) return name.toLowerCase();
    }
  }
  return undefined;
}

function reachOf(resources: readonly PlannedResource[]): string {
  const integrations = resources.filter(({ type }) => type === "aws:apigatewayv2/integration:Integration");
  // What a gateway puts into a queue reaches no server by it.
  const own = integrations.filter((each) => !isOutside(each) && each.inputs["integrationSubtype"] === undefined);
  return [...new Set(own.map(({ inputs }) => targetOf(inputs)))].join(", ");
}

function targetOf({ integrationType, integrationUri }: Properties): string {
  if (integrationType === "AWS_PROXY") return "function alias";
  if (String(integrationUri).includes(":servicediscovery:")) return "Cloud Map";
  return String(integrationUri).includes(":elasticloadbalancing:") ? "internal balancer" : "other";
}

function isOutside({ type, inputs }: PlannedResource): boolean {
  return type === "aws:apigatewayv2/integration:Integration" && /^https?:/.test(String(inputs["integrationUri"]));
}

function routesOf(routes: readonly PlannedResource[], own: readonly PlannedResource[]): string {
  const outside = own.filter(isOutside).map(({ outputs }) => `integrations/${outputs["id"]}`);
  const open = routes.filter(({ inputs }) => (inputs["authorizationType"] ?? "NONE") === "NONE").length;
  const legacy = routes.filter(({ inputs }) => outside.includes(inputs["target"])).length;
  return [
    `${open} open`,
    `${routes.length - open} signed in`,
    ...(legacy > 0 ? [`${legacy} of them to an outside URL`] : []),
  ].join(", ");
}

function serversOf(index: GraphIndex, own: readonly PlannedResource[]): string {
  const one = (type: string) => own.find((resource) => resource.type === type)?.inputs;
  const group = one("aws:autoscaling/group:Group");
  if (group) return range(group["minSize"], group["maxSize"], zonesOf(index, group["vpcZoneIdentifiers"]));
  const environment = one("aws:elasticbeanstalk/environment:Environment");
  if (environment) {
    const setting = (name: string) => environment["settings"]?.find((each: Properties) => each["name"] === name)?.value;
    return range(setting("MinSize"), setting("MaxSize"), zonesOf(index, String(setting("Subnets") ?? "").split(",")));
  }
  const target = one("aws:appautoscaling/target:Target");
  const container = one("aws:ecs/service:Service");
  if (container) {
    const count = container["desiredCount"];
    const zones = zonesOf(index, container["networkConfiguration"]?.subnets);
    return range(target?.["minCapacity"] ?? count, target?.["maxCapacity"] ?? count, zones);
  }
  const lambda = own.find(({ type, inputs }) => type === "aws:lambda/function:Function" && inputs["publish"] === true);
  return lambda === undefined ? "other" : functionsOf(lambda.inputs, target, one);
}

/** Functions have no servers: how many requests run at once stands in their place. AWS chooses among all zones. */
function functionsOf(
  lambda: Properties,
  target: Properties | undefined,
  one: (type: string) => Properties | undefined,
): string {
  const warm =
    target?.["minCapacity"] ??
    one("aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig")?.["provisionedConcurrentExecutions"] ??
    0;
  const most = lambda["reservedConcurrentExecutions"];
  return `${warm} warm, ${most === undefined ? "no limit" : `${most} at most`}`;
}

function range(least: unknown, most: unknown, zones: number): string {
  return `${least} to ${most} over ${zones} zones`;
}

/** Number of zones of subnets. Subnets of another stack have no zone here, and are one per zone. */
function zonesOf(index: GraphIndex, subnets: readonly string[] | undefined): number {
  const zoneOf = new Map<string, string>(
    index
      .ofType("awsx:ec2:Vpc")
      .flatMap(({ outputs }) => outputs["subnets"] ?? [])
      .map((subnet: Properties) => [subnet["id"], subnet["availabilityZone"]]),
  );
  return new Set((subnets ?? []).map((subnet) => zoneOf.get(subnet) ?? subnet)).size;
}
