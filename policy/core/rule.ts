import type { Resource } from "./resource";
import type { Stack } from "./stack";

export type Severity = "low" | "medium" | "high" | "critical";

/** `production`: mandatory in production, advisory elsewhere. */
export type RuleLevel = "mandatory" | "production" | "advisory";

/** Decided from the stack's name, or set in the pack's configuration. */
export type Environment = "dev" | "prod";

/** Ids of the same demand in the catalogues people know. */
export interface CatalogueIds {
  /** AWS Foundational Security Best Practices: `ELB.4`. */
  readonly F?: readonly string[];
  /** cdk-nag; a bare id means its AwsSolutions pack. */
  readonly N?: readonly string[];
  /** checkov: `28` is CKV_AWS_28, `g20` is CKV2_AWS_20. */
  readonly K?: readonly string[];
  /** This pack's own availability catalogue, 1 to 49. */
  readonly availability?: number;
}

/** A value people may set per rule; `dev` where development's default differs. */
export interface Setting {
  readonly type: "integer" | "number" | "string" | "boolean" | "array" | "object";
  readonly description: string;
  readonly default: unknown;
  readonly dev?: unknown;
}

export interface RuleFacts {
  /** Kebab-case, unique in the pack. */
  readonly name: string;
  /** What holds for a sound resource; one sentence. */
  readonly holds: string;
  /** What goes wrong otherwise; one sentence. */
  readonly why: string;
  /** Completes "...; <mend>" in every message. */
  readonly mend: string;
  readonly severity: Severity;
  readonly level: RuleLevel;
  readonly ids: CatalogueIds;
  /** Default: the page of the first Foundational id. */
  readonly url?: string;
  readonly settings?: Readonly<Record<string, Setting>>;
}

export interface Context {
  readonly environment: Environment;
  /** The configured value of a setting, else its default. */
  setting<T>(name: string): T;
  /** @param what  completes "<Class> "<name>" ...": what must hold, and what was got. */
  report(resource: Resource, what: string): void;
}

export interface StackContext extends Context {
  readonly stack: Stack;
}

/** Judges one resource by its own inputs. */
export interface ResourceRule extends RuleFacts {
  readonly scope: "resource";
  /** Canonical type tokens. */
  readonly types: readonly string[];
  check(resource: Resource, context: Context): void;
  /**
   * Mends what is safe to mend, in place: a copy would read every input, and fail at the first unknown one.
   * @returns undefined when nothing is to do
   */
  remediate?(props: Record<string, any>, context: Omit<Context, "report">): Record<string, any> | undefined;
}

/** Judges one resource by what it is connected to. */
export interface StackRule extends RuleFacts {
  readonly scope: "stack";
  readonly types: readonly string[];
  check(resource: Resource, context: StackContext): void;
}

/** Judges the program as a whole. */
export interface ProgramRule extends RuleFacts {
  readonly scope: "program";
  check(context: StackContext): void;
}

export type Rule = ResourceRule | StackRule | ProgramRule;
