import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { capture } from "../../../graph/capture/capture";
import { type Graph, GraphIndex, type PlannedResource } from "../../../graph/model";
import { PrivateAlb } from "../../../infra/balancer/private-alb";
import { serverCapacity } from "../../../infra/compute/capacity";
import type { PatternInputs, RunSettings } from "../../../infra/compute/pattern";
import { computePatterns, type PatternName } from "../../../infra/compute/registry";
import { PrivateBucket } from "../../../infra/security/private-bucket";
import type { ConfiguredService } from "../../../stacks/config/services";

export const account = "123456789012";
export const region = "eu-west-1";
export const subnets = ["subnet-a", "subnet-b", "subnet-c"];

export const network: PatternInputs["network"] = {
  vpcId: "vpc-1",
  cidr: "10.0.0.0/16",
  zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
  publicSubnetIds: ["subnet-public"],
  privateSubnetIds: subnets,
  isolatedSubnetIds: ["subnet-isolated"],
  namespace: { id: "ns-1", arn: `arn:aws:servicediscovery:${region}:${account}:namespace/ns-1`, name: "test.internal" },
  functionSecurityGroupId: "sg-functions",
};

/** A service under a pattern; changes may be to the service or, by name, to its settings. */
export function serviceSpec(
  pattern: PatternName,
  over: Partial<Pick<ConfiguredService, "name" | "port" | "capacity"> & RunSettings> = {},
): ConfiguredService {
  const { name = "food-store", port = 8081, capacity = { peak: 4, max: 12 }, ...settings } = over;
  return {
    name,
    pattern,
    gateways: { http: true, rest: false },
    port,
    routes: [],
    legacyRoutes: [],
    gatewayRoutes: [],
    workRoutes: [],
    table: { hashKey: "id", indexes: [] },
    needs: { variables: {}, secrets: [], egress: [], schedules: [] },
    calls: [],
    publishes: false,
    consumes: [],
    critical: true,
    capacity,
    settings: {
      ingress: "cloudmap",
      size: "small",
      spotPercent: 50,
      scaling: { cpuPercent: 60, memoryPercent: 50, requestsPerSecond: 100 },
      functions: { reservedConcurrency: 20, provisionedConcurrency: 2 },
      ...settings,
    },
  };
}

export const tableArn = (service: string) => `arn:aws:dynamodb:${region}:${account}:table/${service}`;

export function patternInputs(service: ConfiguredService, over: Partial<PatternInputs> = {}): PatternInputs {
  return {
    region,
    service: { name: service.name, port: service.port, table: service.table! },
    settings: service.settings,
    capacity: serverCapacity(service.capacity, network.zones.length),
    artifact: { hash: "ab".repeat(32), directory: `.artifacts/${service.name}`, runtime: "node" },
    network,
    table: { name: service.name, arn: tableArn(service.name) },
    logRetentionDays: 30,
    protection: true,
    imageRelease: "2023.12.20261012.0",
    alarmTopicArn: `arn:aws:sns:${region}:${account}:alarms`,
    ...over,
  };
}

/** Plans services beside what a region shares; each is named `<region>-<service>`. */
export async function planServices(
  services: readonly ConfiguredService[],
  over: Partial<PatternInputs> = {},
  opts: ComponentResourceOptions = {},
): Promise<ServicePlan> {
  const backends: Record<string, unknown> = {};
  const graph = await capture(() => {
    const log = { region, logRetentionDays: 30, protection: true };
    const balancer = new PrivateAlb(`${region}-balancer`, { network, account, ...log });
    const bucket = new PrivateBucket(`${region}-artifacts`, { keepOldVersionsDays: 30, protection: true });
    for (const service of services) {
      const shared = { balancer: balancer.outputs, artifactBucket: bucket.name };
      const made = computePatterns[service.pattern].create(
        `${region}-${service.name}`,
        patternInputs(service, { ...shared, ...over }),
        opts,
      );
      backends[service.name] = { ...made.backend, roleName: made.roleName };
    }
    return backends;
  });
  return new ServicePlan(graph);
}

/** A plan, and the questions tests put to it. */
export class ServicePlan {
  readonly index: GraphIndex;
  constructor(readonly graph: Graph) {
    this.index = new GraphIndex(graph);
  }

  /** Inputs of the only resource of a type. */
  inputs(type: string): Readonly<Record<string, any>> {
    return this.index.one(type, {}).inputs;
  }

  /** Inputs of the resource of a type and logical name. */
  named(type: string, name: string): Readonly<Record<string, any>> {
    const found = this.index.ofType(type).find((resource) => resource.name === name);
    if (found) return found.inputs;
    throw new Error(
      `no ${type} "${name}" among ${this.index
        .ofType(type)
        .map((resource) => resource.name)
        .join(", ")}`,
    );
  }

  /** Everything below the component of a service. */
  of(service: string): readonly PlannedResource[] {
    const root = this.graph.resources.find(
      (resource) => resource.name === `${region}-${service}` && resource.type.startsWith("platform:compute:"),
    );
    const within = (resource: PlannedResource | undefined): boolean =>
      resource !== undefined && (resource === root || within(this.index.urn(resource.parent ?? "")));
    return this.graph.resources.filter((resource) => resource !== root && within(resource));
  }
}
