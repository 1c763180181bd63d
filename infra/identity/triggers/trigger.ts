import type * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../../security/iam";

/** What a user pool asks a function, by its key in the pool's `lambdaConfig`. */
export const triggerNames = ["preTokenGeneration"] as const;
/** A trigger of a user pool. */
export type TriggerName = (typeof triggerNames)[number];

/** The function of a trigger, apart from what all of them have in common. */
export interface Trigger {
  /** What it does, in a few words. @example "Writes the tenant into access tokens" */
  readonly description: string;
  readonly variables: Readonly<Record<string, pulumi.Input<string>>>;
  /** What it may do, in addition to its logs and traces. */
  readonly statements: readonly Statement[];
}

/** Triggers of a user pool; it asks none that is left out. */
export type Triggers = Readonly<Partial<Record<TriggerName, Trigger>>>;

/** Returns the end of the logical name of a trigger's function. @example kebabCase("preSignUp") // "pre-sign-up" */
export function kebabCase(name: TriggerName): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
