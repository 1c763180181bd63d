import { RunError } from "@pulumi/pulumi";

/** Layers in the order they depend on each other. */
export const layerNames = ["network", "identity", "data", "compute", "edge"] as const;
export type Layer = (typeof layerNames)[number];

/** What a stack owns, as its name says it: `<environment>[-<layer>][.<region>]`. */
export interface StackName {
  readonly environment: string;
  /** Unset: every layer. */
  readonly layer?: Layer;
  /** Unset: every region. */
  readonly region?: string;
}

const pattern = /^(?<environment>[a-z][a-z0-9]{0,19})(-(?<layer>[a-z]+))?(\.(?<region>[a-z0-9-]+))?$/;

/** @throws {RunError} one sentence, when the name has another form or names no layer. */
export function parseStackName(name: string): StackName {
  const found = pattern.exec(name)?.groups;
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

/** The stack that owns a layer of a region when the environment is split the way `own` is. */
export function siblingStack(own: StackName, layer: Layer, region: string): string {
  return formatStackName({
    environment: own.environment,
    ...(own.layer === undefined ? {} : { layer }),
    ...(own.region === undefined ? {} : { region }),
  });
}

export function formatStackName({ environment, layer, region }: StackName): string {
  return `${environment}${layer === undefined ? "" : `-${layer}`}${region === undefined ? "" : `.${region}`}`;
}

export function owns(own: StackName, layer: Layer, region: string): boolean {
  return (own.layer ?? layer) === layer && (own.region ?? region) === region;
}

/** @throws {RunError} one sentence, when the stack names a region that its configuration does not have */
export function checkStackName(own: StackName, regions: readonly { readonly name: string }[]): void {
  const names = regions.map((region) => region.name);
  if (own.region === undefined || names.includes(own.region)) return;
  throw new RunError(
    `stack "${formatStackName(own)}" names region "${own.region}", but Pulumi.${own.environment}.yaml has ${names.join(", ")}; name one of these`,
  );
}

function isLayer(name: string): name is Layer {
  return (layerNames as readonly string[]).includes(name);
}
