import type * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../../security/iam";

/** A trigger of a user pool: the name of its handler, and of its key in the pool's `lambdaConfig`. */
export type TriggerName =
  | "preSignUp"
  | "customMessage"
  | "postConfirmation"
  | "preAuthentication"
  | "postAuthentication"
  | "defineAuthChallenge"
  | "createAuthChallenge"
  | "verifyAuthChallengeResponse"
  | "preTokenGeneration";

/** The function of a trigger, apart from what all of them have in common. */
export interface Trigger {
  /** What it does, in a few words. @example "Writes the messages to people" */
  readonly description: string;
  readonly variables: Readonly<Record<string, pulumi.Input<string>>>;
  /** What it may do, in addition to its logs and traces. @default nothing */
  readonly statements?: readonly Statement[];
  /** What it may do with the user pool. @default nothing */
  readonly poolActions?: readonly string[];
  /** What it may do with the user pool of the other region. @default nothing */
  readonly otherPoolActions?: readonly string[];
}

/** Triggers of a user pool; it asks none that is left out. */
export type Triggers = Readonly<Partial<Record<TriggerName, Trigger>>>;

/** Returns the end of the logical name of a trigger's function. @example kebabCase("preSignUp") // "pre-sign-up" */
export function kebabCase(name: TriggerName): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
