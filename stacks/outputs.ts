import type {
  ComputeOutputs,
  DataOutputs,
  EdgeOutputs,
  IdentityOutputs,
  NetworkOutputs,
} from "../infra/contract/layer-outputs";

/**
 * Version of the shape below; raise it with every change that a sibling stack of an older deployment cannot read.
 * A stack refuses to build on another version.
 */
export const OUTPUTS_VERSION = 1;

/** What a stack exports: the layers and regions it owns, by region. */
export interface StackOutputs {
  readonly version: number;
  readonly network?: Readonly<Record<string, NetworkOutputs>>;
  readonly identity?: Readonly<Record<string, IdentityOutputs>>;
  /** By owner region, then by the region that sees the tables. */
  readonly data?: Readonly<Record<string, Readonly<Record<string, DataOutputs>>>>;
  readonly compute?: Readonly<Record<string, ComputeOutputs>>;
  readonly edge?: Readonly<Record<string, EdgeOutputs>>;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Collects what each owned layer of each region puts out. */
export class OutputsBuilder {
  private readonly outputs: Mutable<StackOutputs> = { version: OUTPUTS_VERSION };

  add<Layer extends Exclude<keyof StackOutputs, "version">>(
    layer: Layer,
    region: string,
    value: NonNullable<StackOutputs[Layer]>[string],
  ): void {
    this.outputs[layer] = { ...this.outputs[layer], [region]: value } as StackOutputs[Layer] as any;
  }

  build(): StackOutputs {
    return this.outputs;
  }
}
