import { RunError } from "@pulumi/pulumi";

/** Names of the layers; each only depends on those before it. */
export const layerNames = ["network", "identity", "data", "compute", "edge"] as const;
/** Name of a layer. */
export type Layer = (typeof layerNames)[number];

/**
 * Rooms of type tokens (`platform:<room>:<Class>`) that each layer's outermost components have. A token is given at
 * birth and stays, so a room may be the name of a folder that is gone.
 */
export const roomsOfLayer: Readonly<Record<Layer, readonly string[]>> = {
  network: ["network"],
  identity: ["identity"],
  data: ["data"],
  compute: ["compute", "balancer", "observability", "core"],
  edge: ["gateway", "dns", "web"],
};

/** The parts of a stack's name, `<environment>[-<layer>][.<region>]`; they say what the stack owns. */
export interface StackName {
  readonly environment: string;
  /** @default the stack owns every layer */
  readonly layer?: Layer;
  /** @default the stack owns every region */
  readonly region?: string;
}

const stackNameExpression = /^(?<environment>[a-z][a-z0-9]{0,19})(-(?<layer>[a-z]+))?(\.(?<region>[a-z0-9-]+))?$/;

/**
 * Parses the name of a stack.
 * @example parseStackName("prod-compute.eu-west-1") // { environment: "prod", layer: "compute", region: "eu-west-1" }
 * @throws {RunError} one sentence, when the name has another form or names no layer
 */
export function parseStackName(name: string): StackName {
  const found = stackNameExpression.exec(name)?.groups;
  const { environment, layer, region } = found ?? {};
  if (environment === undefined) {
    throw new RunError(
      `stack "${name}" must be named <environment>[-<layer>][.<region>]; try "prod", "prod-compute" or "prod.eu-west-1"`,
    );
  }
  if (layer !== undefined && !isLayer(layer)) {
    throw new RunError(`stack "${name}" names layer "${layer}"; the layers are ${layerNames.join(", ")}`);
  }
  return { environment, ...(layer ? { layer } : {}), ...(region ? { region } : {}) };
}

/**
 * Returns the name of the stack that owns a layer of a region, in an environment that is split into stacks the same way
 * as the stack `stackName`.
 * @example siblingStack(parseStackName("prod-edge.eu-west-1"), "network", "eu-west-1") // "prod-network.eu-west-1"
 */
export function siblingStack(stackName: StackName, layer: Layer, region: string): string {
  return formatStackName({
    environment: stackName.environment,
    ...(stackName.layer === undefined ? {} : { layer }),
    ...(stackName.region === undefined ? {} : { region }),
  });
}

/** Writes the name of a stack from its parts; `parseStackName` is the reverse. */
export function formatStackName({ environment, layer, region }: StackName): string {
  return `${environment}${layer === undefined ? "" : `-${layer}`}${region === undefined ? "" : `.${region}`}`;
}

/** Tells whether a stack owns a layer of a region. */
export function ownsLayer(stackName: StackName, layer: Layer, region: string): boolean {
  return (stackName.layer ?? layer) === layer && (stackName.region ?? region) === region;
}

/**
 * Refuses a stack name with a region that the configuration does not have.
 * @throws {RunError} one sentence that lists the configured regions
 */
export function checkStackName(stackName: StackName, regions: readonly { readonly name: string }[]): void {
  const names = regions.map((region) => region.name);
  if (stackName.region === undefined || names.includes(stackName.region)) return;
  throw new RunError(
    `stack "${formatStackName(stackName)}" names region "${stackName.region}", but Pulumi.${stackName.environment}.yaml has ${names.join(", ")}; name one of these`,
  );
}

function isLayer(name: string): name is Layer {
  return (layerNames as readonly string[]).includes(name);
}
