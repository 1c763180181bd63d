import type * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../security/iam";

/** What an action of FIS is done to. Each is narrowed to the environment, by ARNs or by its tags. */
export type FaultTarget = {
  readonly name: string;
  /** FIS's name of the type. @example "aws:ec2:subnet" */
  readonly resourceType: string;
  /** All that are found, or one of them at random. */
  readonly selectionMode: "ALL" | "COUNT(1)";
  readonly filters?: readonly { readonly path: string; readonly values: readonly string[] }[];
} & (
  | { readonly resourceArns: pulumi.Input<readonly pulumi.Input<string>[]> }
  | { readonly resourceTags: Readonly<Record<string, string>> }
);

/** One action of FIS. Actions of a fault start together. */
export interface FaultAction {
  readonly name: string;
  /** @example "aws:network:disrupt-connectivity" */
  readonly actionId: string;
  /** FIS's key of the target, and the name of a target of the fault. @example { key: "Subnets", value: "zone" } */
  readonly target: { readonly key: string; readonly value: string };
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A fault as plain data: what is done to what, and what the experiment's role may do for it. */
export interface Fault {
  /** One sentence, at most 512 characters. */
  readonly description: string;
  readonly targets: readonly FaultTarget[];
  readonly actions: readonly FaultAction[];
  /** What the actions need, and nothing else; the log of the experiment is not among it. */
  readonly statements: readonly Statement[];
}

/** Where a fault happens. */
export interface FaultPlace {
  /** @example "eu-west-1" */
  readonly region: string;
  /** Id of the account. */
  readonly account: pulumi.Input<string>;
  /** Environment, whose tag every target has. */
  readonly environment: string;
}

/** Returns minutes as FIS takes them. @example isoMinutes(10) // "PT10M" */
export function isoMinutes(minutes: number): string {
  return `PT${minutes}M`;
}

/**
 * Returns a list in pieces of the size that FIS takes: at most five ARNs in one target.
 * @see https://docs.aws.amazon.com/fis/latest/APIReference/API_CreateExperimentTemplateTargetInput.html
 */
export function inTargets<Item>(items: readonly Item[]): Item[][] {
  const most = 5;
  return Array.from({ length: Math.ceil(items.length / most) }, (_, i) => items.slice(i * most, (i + 1) * most));
}
