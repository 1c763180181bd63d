import * as pulumi from "@pulumi/pulumi";
import type { Artifact } from "../infra/compute/artifact";
import type {
  ComputeOutputs,
  DataOutputs,
  EdgeOutputs,
  IdentityOutputs,
  LiveOutputs,
  NetworkOutputs,
} from "../infra/contract/layer-outputs";
import { RegionCell } from "../infra/region/region-cell";
import { boundaryTransformation } from "../infra/security/permissions-boundary";
import { computeLayer } from "./compute-layer";
import type { PlatformConfig } from "./config/schema";
import { type ConfiguredService, callsAnother } from "./config/services";
import { edgeLayer } from "./edge-layer";
import { identityLayer, secondRegion } from "./identity-layer";
import { dataLayer, type LayerContext, networkLayer } from "./layers";
import type { PrimaryLive } from "./live-changes";
import { OutputsBuilder, type StackOutputs } from "./outputs";
import type { References } from "./references";
import { type Layer, layerNames, ownsLayer, type StackName } from "./stack-name";
import type { WebApp } from "./web-app";

/** Arguments of `deploy`. */
export interface Deployment {
  /** The deployed stack; its name says which layers and regions it owns. */
  readonly stackName: StackName;
  readonly config: PlatformConfig;
  readonly services: readonly ConfiguredService[];
  /** Of services and of the platform's own functions, by the name of their folder in apps/. */
  readonly artifacts: Readonly<Record<string, Artifact>>;
  /** The built web app. @default unset, in an environment without one, and where another stack owns it */
  readonly webApp?: WebApp;
  /** Reads the layers that other stacks own. */
  readonly references: References;
}

/**
 * Makes the layers that this stack owns, region by region, and reads the other layers from the stacks that own them.
 * The global parts (user pool, tables, hosted zone) belong to the first region.
 * @returns the stack outputs
 */
export function deploy(deployment: Deployment): StackOutputs {
  const { permissionsBoundary } = deployment.config.roles;
  if (permissionsBoundary !== undefined)
    pulumi.runtime.registerStackTransformation(boundaryTransformation(permissionsBoundary));
  const outputs = new OutputsBuilder();
  const globals: Globals = {};
  for (const region of deployment.config.regions) {
    if (layerNames.some((layer) => ownsLayer(deployment.stackName, layer, region.name))) {
      new RegionDeployment(deployment, region, globals, outputs).run();
    }
  }
  return outputs.build();
}

/** Outputs of the primary region's layers that the layers of the other regions in the same stack need. */
interface Globals {
  identity?: IdentityOutputs;
  compute?: ComputeOutputs;
  live?: LiveOutputs;
  data?: Readonly<Record<string, DataOutputs>>;
  hostedZoneId?: EdgeOutputs["hostedZoneId"];
}

/** Makes the layers of one region that the stack owns. */
class RegionDeployment {
  private readonly context: LayerContext;
  private readonly primary: string;

  constructor(
    private readonly deployment: Deployment,
    private readonly region: PlatformConfig["regions"][number],
    private readonly globals: Globals,
    private readonly outputs: OutputsBuilder,
  ) {
    const { stackName, config, services, artifacts, webApp } = deployment;
    this.primary = config.regions[0]!.name;
    const parent: pulumi.Resource = new RegionCell(region.name, {
      region: region.name,
      environment: stackName.environment,
    });
    this.context = {
      environment: stackName.environment,
      config,
      services,
      platformApps: artifacts,
      region,
      parent,
      ...(webApp ? { webApp } : {}),
    };
  }

  run(): void {
    const { artifacts } = this.deployment;
    const network = this.network();
    if (this.isPrimary()) this.makeGlobals();
    const compute = this.owns("compute")
      ? this.put("compute", computeLayer(this.context, { network: network(), data: this.data(), artifacts }))
      : undefined;
    if (this.isPrimary() && compute) this.globals.compute = compute;
    if (this.owns("edge")) this.edge(network(), compute);
  }

  /**
   * Makes the network layer if the stack owns it.
   * @returns a function that returns its outputs, or reads them from the stack that owns it when they are needed
   */
  private network(): () => NetworkOutputs {
    if (this.owns("network")) {
      const network = this.put("network", networkLayer(this.context));
      return () => network;
    }
    const { config, services, references } = this.deployment;
    const { interfaceEndpoints } = config.network;
    const has = { interfaceEndpoints, privateApi: callsAnother(services) };
    return () => references.network(this.region.name, this.region, has);
  }

  private makeGlobals(): void {
    if (this.owns("identity")) this.globals.identity = this.put("identity", identityLayer(this.context));
    if (this.owns("data")) this.globals.data = this.put("data", dataLayer(this.context));
  }

  private data(): DataOutputs {
    const { config, references, services } = this.deployment;
    const customerKey = config.tableKey === "customer";
    return (
      this.globals.data?.[this.region.name] ?? references.data(this.primary, this.region.name, services, customerKey)
    );
  }

  private edge(network: NetworkOutputs, compute: ComputeOutputs | undefined): void {
    const { config, references, services } = this.deployment;
    const second = secondRegion(config)?.name;
    const makesNames = this.isPrimary() || second !== undefined;
    const has = {
      mail: config.signIn.mail !== undefined && makesNames,
      ...(second === undefined ? {} : { otherRegion: second }),
    };
    const identity = this.globals.identity ?? references.identity(this.primary, has);
    const backends = compute ?? references.compute(this.region.name, services);
    const zone = this.isPrimary() ? undefined : (this.globals.hostedZoneId ?? references.hostedZoneId(this.primary));
    const { edge, nameServers } = edgeLayer(this.context, {
      network,
      identity,
      backends,
      tables: () => this.data(),
      ...(zone ? { hostedZoneId: zone, primaryLive: () => this.primaryLive() } : {}),
    });
    this.globals.hostedZoneId = edge.hostedZoneId;
    if (this.isPrimary() && edge.live) this.globals.live = edge.live;
    this.put("edge", edge);
    if (nameServers !== undefined) this.outputs.addNameServers(nameServers);
  }

  private primaryLive(): PrimaryLive {
    const { primary: region, globals } = this;
    const { references, services } = this.deployment;
    return {
      region,
      backends: globals.compute ?? references.compute(region, services),
      live: globals.live ?? references.live(region),
    };
  }

  /** Adds the outputs of a layer to the stack outputs and returns them. */
  private put<Name extends Layer, Value extends NonNullable<StackOutputs[Name]>[string]>(
    layer: Name,
    value: Value,
  ): Value {
    this.outputs.add(layer, this.region.name, value);
    return value;
  }

  private owns(layer: Layer): boolean {
    return ownsLayer(this.deployment.stackName, layer, this.region.name);
  }

  private isPrimary(): boolean {
    return this.region.name === this.primary;
  }
}
