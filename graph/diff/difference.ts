import type { Graph } from "../model";

/** What a deployment does to a resource. */
export type Operation = "replace" | "delete" | "update" | "create";

/** Operations, what loses something first. */
export const operations: readonly Operation[] = ["replace", "delete", "update", "create"];

/** One input that changes. */
export interface PropertyChange {
  /** @example "containerDefinitions[food-store].cpu" */
  readonly path: string;
  /**
   * `value`: another value. `build`: the artifact of a service was built anew. `follows`: an output of another resource
   * is only known when that one is deployed. `looked up`: AWS is asked for the value.
   */
  readonly kind: "value" | "build" | "follows" | "looked up";
  /** Text for people; secrets are hidden. Missing where the input was not set. */
  readonly before?: string;
  readonly after?: string;
  /** Name of the resource that it follows. */
  readonly source?: string;
  /** Whether AWS cannot change the input in place, so that the resource is replaced. */
  readonly replaces: boolean;
}

/** One resource that changes. */
export interface ResourceChange {
  readonly operation: Operation;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly region?: string;
  /** Name of a service; missing for what services share. */
  readonly service?: string;
  readonly layer: string;
  readonly properties: readonly PropertyChange[];
  /** Whether it is not known if the change replaces the resource, or resources that it makes. */
  readonly maybeReplaces: boolean;
  /** Whether `pulumi up` refuses the change, because the resource is protected. */
  readonly refused: boolean;
  /** Whether data is lost with the resource. */
  readonly losesData: boolean;
}

/** What differs between a plan and what it is compared with. */
export interface Difference {
  readonly stack: string;
  /** What the plan is compared with, for people. @example "revision main (0123456789ab)" */
  readonly from: string;
  readonly changes: readonly ResourceChange[];
  /** Resources in AWS that stay as they are. */
  readonly unchanged: number;
  /** Regions that have no resource before, or none after. */
  readonly newRegions: readonly string[];
  readonly goneRegions: readonly string[];
  /** Sentences on what cannot be told without a deployment. */
  readonly notKnown: readonly string[];
}

/** What a plan is compared with: another plan, or a stack as it is deployed. */
export interface Baseline {
  readonly from: string;
  readonly graph: Graph;
  /** Whether it is a deployed stack, whose ids are real and whose inputs have the provider's defaults. */
  readonly deployed: boolean;
}
