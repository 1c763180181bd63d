import type { Input } from "@pulumi/pulumi";
import type {
  ComputeOutputs,
  DataOutputs,
  EdgeOutputs,
  IdentityOutputs,
  NetworkOutputs,
} from "../infra/contract/layer-outputs";

/**
 * Version of `StackOutputs`. Raise it with every change that a stack deployed before the change cannot read. A stack
 * refuses to read outputs of another version.
 */
export const OUTPUTS_VERSION = 3;

/** The outputs of a stack: those of each layer that the stack owns, by region. */
export interface StackOutputs {
  readonly version: number;
  readonly network?: Readonly<Record<string, NetworkOutputs>>;
  readonly identity?: Readonly<Record<string, IdentityOutputs>>;
  /** By the region whose stack made the tables, then by the region that the tables are used from. */
  readonly data?: Readonly<Record<string, Readonly<Record<string, DataOutputs>>>>;
  readonly compute?: Readonly<Record<string, ComputeOutputs>>;
  readonly edge?: Readonly<Record<string, EdgeOutputs>>;
  /**
   * Name servers of the hosted zone, for people: the registrar must list them. No stack reads them, so stacks that were
   * deployed without them stay readable.
   * @default unset, where another stack has made the zone
   */
  readonly nameServers?: Input<string[]>;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Collects the outputs of layers, region by region, into those of the stack. */
export class OutputsBuilder {
  private readonly outputs: Mutable<StackOutputs> = { version: OUTPUTS_VERSION };

  /** Adds the outputs of a layer in a region. */
  add<Layer extends Exclude<keyof StackOutputs, "version" | "nameServers">>(
    layer: Layer,
    region: string,
    value: NonNullable<StackOutputs[Layer]>[string],
  ): void {
    this.outputs[layer] = { ...this.outputs[layer], [region]: value } as StackOutputs[Layer] as any;
  }

  /** Adds the name servers of the hosted zone that the stack has made. */
  addNameServers(nameServers: Input<string[]>): void {
    this.outputs.nameServers = nameServers;
  }

  /** Returns everything that was added. */
  build(): StackOutputs {
    return this.outputs;
  }
}
